"""Which blocks make up a sweep, and what tells this sweep from every other?"""

from __future__ import annotations

import hashlib
import json
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import version
from typing import Any

from gametheory.designs import BLOCK, Scheme, scheme as make_scheme
from gametheory.errors import InputError, UnknownNameError, did_you_mean
from gametheory.model import Model
from gametheory.reader import read
from gametheory.study import solvable_orders
from gametheory.version import __version__

__all__ = ["KEPT", "Plan", "Task", "differences", "plan_from", "planned", "versions"]

POINTS = {  # of a block: enough that what a cluster adds to each is lost in it
    "strategic": 8 * BLOCK,  # about a second
    "analytic": BLOCK,  # some seconds
    "extensive": BLOCK,  # half a minute and more; fewer at once might be put to another solver than a study's draws
}
KEPT = ("rows", "totals")
NUMERICAL = ("numba", "numpy", "pyarrow", "scipy")  # packages on which the last bits of a block may depend
MOST_DIFFERENCES = 6  # told in one sentence


@dataclass(frozen=True)
class Task:
    """One block to be answered, in plain values that can be sent to another machine."""

    run: str
    number: int
    text: str
    kind: str
    samples: int
    seed: int
    options: Mapping[str, Any]
    orders: tuple[str, ...]
    keep: str
    block: int
    versions: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Plan:
    """A model, the design of its points, the orders of play, what is kept of the answers, and the points of a block."""

    model: Model
    scheme: Scheme
    orders: tuple[str, ...]
    keep: str
    block: int

    @property
    def blocks(self) -> int:
        """Number of blocks."""
        return -(-self.scheme.count // self.block)

    def points(self, number: int) -> int:
        """How many points of the design a block stands for, those that a constraint refuses included."""
        return min(self.block, self.scheme.count - number * self.block)

    @cached_property
    def identity(self) -> dict[str, Any]:
        """Everything on which the bytes of a block depend, as plain values for a file.

        The number of samples is left out where a longer design begins with a shorter one: the run can be extended.
        The text of the model counts through its digest, so that another comment is not another run.
        """
        design = dict(self.scheme.identity)
        if self.scheme.extends:
            del design["samples"]
        laws = {name: parameter.law.describe() for name, parameter in self.model.parameters.items()}
        content = {
            "model": self.model.digest,
            "laws": dict(sorted(laws.items())),
            "design": design,
            "orders": list(self.orders),
            "keep": self.keep,
            "block": self.block,
            "versions": dict(versions()),
        }
        plain: dict[str, Any] = json.loads(json.dumps(content))
        return plain

    @cached_property
    def run(self) -> str:
        """The sha256 of the identity, in hexadecimal."""
        return hashlib.sha256(json.dumps(self.identity, sort_keys=True).encode("ascii")).hexdigest()

    def task(self, number: int) -> Task:
        """One block as a piece of work."""
        design = self.scheme.identity
        return Task(
            self.run,
            number,
            self.model.text,
            self.scheme.kind,
            self.scheme.samples,
            self.scheme.seed,
            design["options"],
            self.orders,
            self.keep,
            self.block,
            dict(versions()),
        )


def planned(
    model: Model,
    samples: int,
    seed: int,
    kind: str,
    orders: Sequence[str] | None,
    keep: str,
    block: int | None,
    options: Mapping[str, Any],
) -> Plan:
    """The plan of a sweep, in blocks of a size by the form of the model where none is given.

    Raises InputError for what cannot be planned and UnknownNameError for unknown names.
    """
    chosen = solvable_orders(model) if orders is None else tuple(dict.fromkeys(orders))
    for order in chosen:
        if order not in model.orders:
            near = did_you_mean(order, model.orders)
            raise UnknownNameError(f"no order of play {order!r}; expected one of {', '.join(model.orders)}{near}")
    if not chosen:
        raise InputError("orders: none given; leave them out for all orders of play that can be solved")
    if keep not in KEPT:
        raise InputError(f"keep: {keep!r}, expected one of {', '.join(KEPT)}")
    scheme = make_scheme(kind, model, samples, seed, **options)
    plan = Plan(model, scheme, chosen, keep, _checked_block(block, model))
    if not model.text or read(model.text).digest != model.digest:
        message = f"the model {model.title!r} is not what its text says, so its blocks could not be made elsewhere"
        raise InputError(f"{message}; write the change into the file and load it")
    return plan


def plan_from(identity: Mapping[str, Any], model: Model, samples: int) -> Plan:
    """The plan that a stored identity and number of samples stand for."""
    design = identity["design"]
    scheme = make_scheme(design["kind"], model, samples, design["seed"], **design["options"])
    return Plan(model, scheme, tuple(identity["orders"]), identity["keep"], identity["block"])


@cache
def versions() -> Mapping[str, str]:
    """The versions of this package and of those that calculate for it."""
    return {"gametheory": __version__, **{name: version(name) for name in NUMERICAL}}


def differences(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> str:
    """What differs between two identities, in words.

    >>> differences({"design": {"seed": 1}, "keep": "rows"}, {"design": {"seed": 2}, "keep": "rows"})
    'design.seed is 2 there and 1 here'
    """
    mine, others = _flat(ours), _flat(theirs)
    names = [name for name in {**others, **mine} if mine.get(name) != others.get(name)]
    told = [f"{name} is {_shown(others.get(name))} there and {_shown(mine.get(name))} here" for name in names]
    more = [f"and {len(told) - MOST_DIFFERENCES} more"] if len(told) > MOST_DIFFERENCES else []
    return ", ".join([*told[:MOST_DIFFERENCES], *more])


def _flat(content: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    """Nested mappings as one, with dotted names."""
    flat: dict[str, Any] = {}
    for name, value in content.items():
        if isinstance(value, Mapping):
            flat.update(_flat(value, f"{before}{name}."))
        else:
            flat[f"{before}{name}"] = value
    return flat


def _shown(value: Any) -> str:
    """A value in a sentence; digests and long lists are cut."""
    text = "missing" if value is None else str(value)
    return text if len(text) <= 40 else f"{text[:12]}..."


def _checked_block(block: int | None, model: Model) -> int:
    """The number of points of a block, if blocks of that size can be made one by one."""
    if block is None:
        return POINTS[model.form]
    size = operator.index(block)
    whole = size >= BLOCK and size % BLOCK == 0
    part = 0 < size < BLOCK and BLOCK % size == 0 and not model.constraints
    if not whole and not part:
        less = "" if model.constraints else ", or a smaller power of two"
        raise InputError(f"block: {block!r} points, expected a multiple of {BLOCK}{less}")
    return size
