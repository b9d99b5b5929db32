"""What does one model say otherwise than another, and what was one run asked otherwise than another?

Parts are compared by their digests, so that what does not count for the digest of a model (comments, layout, the
spelling of numbers, the order of entries) is no difference here either.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any

from gametheory.comparison.tree_parts import tree_parts
from gametheory.errors import InputError
from gametheory.expressions import Formula
from gametheory.model import Model
from gametheory.model.digest import digest
from gametheory.model.nouns import Cells
from gametheory.parameters import Law
from gametheory.sweeps import Sweep
from gametheory.version import __version__

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "differences", "kind_of"]

COLUMNS = ("part", "name", "what", "first", "second")
TEXTS = ("title", "question", "form", "as_of")
NAMED = ("parameters", "tables", "quantities", "payoffs", "measures", "claims", "constraints", "rankings")
HIDDEN = frozenset({"name", "text"})  # of a part: where it stands already, and a spelling of its value
ASKED = ("model", "laws")  # of the identity of a run: told as differences of the models

Key = tuple[str, str, str]


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
        rows = _model_rows(_model(first), _model(second))
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype(object)
    digests = [_model(own).digest for own in (first, second)]
    notes = ["what has the same digest is the same: comments, layout and the order of entries do not count"]
    frame.attrs.update({"digests": digests, "version": __version__, "notes": notes})
    return frame


def kind_of(first: Model | Sweep, second: Model | Sweep) -> str:
    """``model`` or ``run``; raises InputError for one of each."""
    kinds = {"run" if isinstance(own, Sweep) else "model" for own in (first, second)}
    if len(kinds) > 1:
        raise InputError("a model and a run cannot be compared; expected two models or two runs")
    return kinds.pop()


def _model(own: Model | Sweep) -> Model:
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
            ends = {"first": one and one.shown, "second": other and other.shown}
            rows.append(dict(zip(COLUMNS, key, strict=False)) | ends)
    return rows


def _model_facts(model: Model) -> Iterator[tuple[Key, Fact]]:
    """Everything that a model says, fact by fact."""
    for name in TEXTS:
        yield ("model", "", name), _fact(getattr(model, name))
    yield ("players", "", "order"), _fact(tuple(player.name for player in model.players))
    for player in model.players:
        for what, fact in _facts(player):
            yield ("players", player.name, what), fact
    for part in NAMED:
        for name, content in getattr(model, part).items():
            for what, fact in _facts(content):
                yield (part, name, what or "formula"), fact
    for own in model.correlations:
        for what, fact in _facts(own):
            if what != "between":
                yield ("correlations", " and ".join(sorted(own.between)), what), fact
    if model.tree is not None:
        for name, what, content in tree_parts(model.tree):
            yield ("tree", name, what), _fact(content)
    if model.system is not None:
        for what, fact in _facts(model.system):
            yield ("system", "", what), fact


def _facts(content: Any, before: str = "") -> Iterator[tuple[str, Fact]]:
    """What a thing says of itself, under the names of its fields; of a thing without fields under no name."""
    if isinstance(content, Mapping):
        for name, own in content.items():
            yield from _facts(own, _joined(before, str(name)))
    elif isinstance(content, Cells):
        yield _joined(before, "shape"), _fact(content.shape)
        for place, formula in enumerate(content.formulas):
            yield _joined(before, f"cell {', '.join(map(str, _cell(place, content.shape)))}"), _fact(formula)
    elif is_dataclass(content) and not isinstance(content, Formula | Law):
        for field in fields(content):
            if field.name not in HIDDEN or field.name == "text" and not hasattr(content, "value"):
                own = getattr(content, field.name)
                yield from _facts(content.exact if field.name == "value" else own, _joined(before, field.name))
    elif isinstance(content, tuple) and any(is_dataclass(own) for own in content):
        for own in content:
            yield from _facts(own, _joined(before, str(getattr(own, "name", ""))))
    else:
        yield before, _fact(content)


def _cell(place: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    """The place of a cell in a grid, every axis counted from 1, the last one fastest.

    >>> [_cell(place, (2, 3)) for place in (0, 2, 3)]
    [(1, 1), (1, 3), (2, 1)]
    """
    counted: tuple[int, ...] = ()
    for size in reversed(shape):
        place, own = divmod(place, size)
        counted = (own + 1, *counted)
    return counted


def _fact(content: Any) -> Fact:
    """A thing in words, and its digest."""
    return Fact(_shown(content), digest(Part(content)))


def _shown(content: Any) -> str:
    """A thing in words."""
    if isinstance(content, Formula):
        return content.text
    if isinstance(content, Law):
        return content.describe()
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
