"""What does the explorer show at given values? One plain function, for any host that can show HTML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gametheory.errors import InputError
from gametheory.explorer.answers import Answer, one_order
from gametheory.explorer.pieces import still_html
from gametheory.explorer.prepared import explored
from gametheory.explorer.scans import Map
from gametheory.explorer.stages import scanned

if TYPE_CHECKING:
    from gametheory.model import Model

__all__ = ["DETAILS", "View", "view"]

DETAILS = ("answer", "grid", "boundaries")


@dataclass(frozen=True, eq=False)
class View:
    """The pieces of the page at one point: plain text in ``sentence`` and ``changes``, HTML in the others.

    ``changes`` has for each slider a ``sentence``, how many values were ``compared``, and for each tipping point in
    ``marks`` its place on the track (``share``, from 0 to 1) and its ``text``. ``game`` is the payoff table, the tree
    or the curve. Every text of the model is escaped in the HTML.
    """

    found: Answer
    sentence: str
    answer: str
    game: str
    map: str
    changes: Mapping[str, Mapping[str, object]]
    title: str

    def _repr_html_(self) -> str:
        """Jupyter's view: all pieces below each other."""
        told = [(name, f"{own['sentence']}; {own['compared']}") for name, own in self.changes.items()]
        return still_html(self.title, self.sentence, (self.answer, self.game), self.map, told)


def view(
    model: Model,
    values: Mapping[str, Any] | None = None,
    *,
    order: str = "simultaneous",
    concept: str = "nash",
    x: str | None = None,
    y: str | None = None,
    detail: str = "grid",
) -> View:
    """Everything that the explorer shows at ``values``, the other parameters central.

    ``order`` is one order of play, ``concept`` a concept of `solve`; ``x`` and ``y`` are the parameters of the map,
    where they are not given those whose tipping points are nearest. The map and the tipping points are those of Nash
    equilibria, worked out on a grid around the values: what lies between neighbours of the grid is missed. With
    ``detail="answer"`` both are left out, which is quick for every model; a grid takes up to seconds for trees,
    equations and tables of three players or more. With ``detail="boundaries"`` the boundaries on the map of a table of
    two players are followed, as `regions` does. Raises UnknownNameError for an unknown name, InputError for a value
    that is no number, for equal axes and for another ``detail``.

    >>> from gametheory.reader import load
    >>> shown = view(load("reference_involvement"), {"escalation_risk": 0.02}, order="nato")
    >>> shown.sentence
    'If NATO moves first and is observed, NATO plays bridge and Russia answers with deescalate'
    """
    if detail not in DETAILS:
        raise InputError(f"detail: {detail!r}, expected one of {', '.join(DETAILS)}")
    page = explored(model)
    chosen = one_order(model, order)
    found = page.answer(values or {}, chosen, concept)
    drawn: Map | None = None
    tips: dict[str, dict[str, object]] = {}
    if detail != "answer":
        drawn, tips = scanned(page, found.values, chosen, (x or "", y or ""), followed=detail == "boundaries")
    return View(
        found=found,
        sentence=found.sentence,
        answer=page.answer_html(found),
        game=page.game_html(found),
        map=page.map_html(drawn, chosen, found.values),
        changes=tips,
        title=model.title,
    )
