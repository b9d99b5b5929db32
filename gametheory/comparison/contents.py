"""What does one model say otherwise than another, and what was one run asked otherwise than another?

Parts are compared by their digests, so that what does not count for the digest of a model (comments, layout, the
spelling of numbers, the order of entries) is no difference here either.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Any

from gametheory.comparison.tree_parts import tree_parts
from gametheory.errors import InputError
from gametheory.expressions import Formula
from gametheory.model import Model
from gametheory.model.digest import digest
from gametheory.model.nouns import Cells, Table
from gametheory.parameters import Law, Parameter
from gametheory.sweeps import Sweep
from gametheory.version import __version__

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "differences", "kind_of", "model_of"]

COLUMNS = ("part", "name", "what", "first", "second")
TEXTS = ("title", "question", "form", "as_of")
NAMED = ("parameters", "tables", "quantities", "payoffs", "measures", "claims", "constraints", "rankings")
ASKED = ("model", "laws")  # of the identity of a run: told as differences of the models

Key = tuple[str, str, str]
Axes = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Part:
    """Anything that has a digest of its own."""

    content: Any


@dataclass(frozen=True)
class Fact:
    """One thing that is said: how a person reads it, and what makes it the same as another."""

    shown: str
    same: str


def differences(first: Model | Sweep, second: Model | Sweep) -> pd.DataFrame:
    """Everything that is said or asked differently in two models, or in two runs and their models.

    One row a difference: ``part`` (model, players, parameters, tables, ...; of a run also ``run``), ``name`` (of the
    parameter, claim or player), ``what`` (its value, law, mark, formula, ...), and what ``first`` and ``second`` say,
    missing where one has no such thing. No row means that both have the same digest, and of two runs that they were
    asked the same. Raises InputError for a model and a run.

    >>> from gametheory.reader import load, read
    >>> model = load("reference_involvement")
    >>> frame = differences(model, read(model.text.replace("mark: A", "mark: D", 1)))
    >>> frame["what"].tolist(), frame["first"].tolist(), frame["second"].tolist()
    (['mark'], ['A'], ['D'])
    """
    import pandas as pd

    kind_of(first, second)
    if isinstance(first, Sweep) and isinstance(second, Sweep):
        rows = [*_rows(_run_facts(first), _run_facts(second)), *_model_rows(first.model, second.model)]
    else:
        rows = _model_rows(model_of(first), model_of(second))
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype(object)
    digests = [model_of(own).digest for own in (first, second)]
    notes = ["what has the same digest is the same: comments, layout and the order of entries do not count"]
    frame.attrs.update({"digests": digests, "version": __version__, "notes": notes})
    return frame


def kind_of(first: Model | Sweep, second: Model | Sweep) -> str:
    """``model`` or ``run``; raises InputError for one of each."""
    kinds = {"run" if isinstance(own, Sweep) else "model" for own in (first, second)}
    if len(kinds) > 1:
        raise InputError("a model and a run cannot be compared; expected two models or two runs")
    return kinds.pop()


def model_of(own: Model | Sweep) -> Model:
    """A model, or that of a run."""
    return own.model if isinstance(own, Sweep) else own


def _model_rows(first: Model, second: Model) -> list[dict[str, Any]]:
    """The differences of two models; none where their digests are equal."""
    if first.digest == second.digest:
        return []
    rows = _rows(dict(_model_facts(first)), dict(_model_facts(second)))
    # What has no words of its own still has a digest: no two models that differ may pass for the same.
    return rows or [dict(zip(COLUMNS, ("model", "", "digest", first.digest, second.digest), strict=True))]


def _rows(first: Mapping[Key, Fact], second: Mapping[Key, Fact]) -> list[dict[str, Any]]:
    """The facts that are not the same, part by part, those that only the second has at the end of their part."""
    parts = list(dict.fromkeys(part for part, _, _ in [*first, *second]))
    keys = sorted({**first, **second}, key=lambda key: parts.index(key[0]))
    rows = []
    for key in keys:
        one, other = first.get(key), second.get(key)
        if one is None or other is None or one.same != other.same:
            part, name, what = key
            shown = {"first": one and one.shown, "second": other and other.shown}
            rows.append({"part": part, "name": name, "what": what, **shown})
    return rows


def _model_facts(model: Model) -> Iterator[tuple[Key, Fact]]:
    """Everything that a model says, fact by fact."""
    for part, name, what, content in _things(model):
        for within, fact in _facts(content, what, _axes(model, content)):
            yield (part, name, within or "formula"), fact


def _things(model: Model) -> Iterator[tuple[str, str, str, Any]]:
    """The things of a model: part, name, what of it is meant if not the whole, and the thing itself."""
    yield from (("model", "", name, getattr(model, name)) for name in TEXTS)
    yield "players", "", "order", tuple(player.name for player in model.players)
    yield from (("players", player.name, "", player) for player in model.players)
    for part in NAMED:
        yield from ((part, name, "", content) for name, content in getattr(model, part).items())
    for own in model.correlations:
        first, second = sorted(own.between)
        yield "correlations", f"{first} and {second}", "", replace(own, between=(first, second))
    if model.tree is not None:
        yield from (("tree", *own) for own in tree_parts(model.tree))
    if model.system is not None:
        yield "system", "", "", model.system


def _axes(model: Model, content: Any) -> Axes:
    """The labels of the cells of a table, or of payoffs that are written cell by cell; nothing for other parts."""
    actions = {player.name: player.actions for player in model.players}
    if isinstance(content, Table):
        return tuple(actions[name] for name in content.over)
    return tuple(actions.values()) if isinstance(content, Cells) else ()


def _facts(content: Any, before: str = "", axes: Axes = ()) -> Iterator[tuple[str, Fact]]:
    """What a thing says of itself, under the names of its fields; of a thing without fields under no name."""
    if isinstance(content, Mapping):
        for name, own in content.items():
            yield from _facts(own, _joined(before, str(name)))
    elif isinstance(content, Cells):
        for labels, formula in zip(product(*axes), content.formulas, strict=True):
            yield f"cell {', '.join(labels)}", _fact(formula)
    elif is_dataclass(content) and not isinstance(content, Formula | Law):
        for name in (field.name for field in fields(content)):
            own = content.exact if isinstance(content, Parameter) and name == "value" else getattr(content, name)
            if name != "name" and not (isinstance(content, Parameter) and name == "text"):
                yield from _facts(own, _joined(before, name), axes)
    elif isinstance(content, tuple) and any(is_dataclass(own) for own in content):
        for own in content:
            yield from _facts(own, _joined(before, str(getattr(own, "name", ""))))
    else:
        yield before, _fact(content)


def _fact(content: Any) -> Fact:
    """A thing in words, and its digest."""
    return Fact(_shown(content), digest(Part(content)))


def _shown(content: Any) -> str:
    """A thing in words."""
    if isinstance(content, Formula):
        return content.text
    if isinstance(content, Law):
        return content.describe()
    if isinstance(content, Fraction):
        return f"{float(content):.12g}"
    if isinstance(content, tuple):
        return ", ".join(map(_shown, content))
    if isinstance(content, bool):
        return "yes" if content else "no"
    return "" if content is None else str(content)


def _joined(before: str, name: str) -> str:
    """A name within another."""
    return f"{before} {name}".strip().replace("_", " ") if name else before


def _run_facts(run: Sweep) -> dict[Key, Fact]:
    """What a run was asked, and by what it was made; the model is told apart."""
    identity = {name: own for name, own in run.shelf.identity.items() if name not in ASKED}
    content = {"samples": run.samples, **identity}
    return {("run", "", what): fact for what, fact in _facts(_tupled(content))}


def _tupled(content: Any) -> Any:
    """Lists as tuples, which cannot change."""
    if isinstance(content, Mapping):
        return {name: _tupled(own) for name, own in content.items()}
    return tuple(map(_tupled, content)) if isinstance(content, list) else content
