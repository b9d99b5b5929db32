"""What does the explorer show at given values? One plain function, for any host that can show HTML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

from gametheory.errors import UnknownNameError, did_you_mean
from gametheory.explorer.answers import Answer, answer, concepts, one_order
from gametheory.explorer.controls import Control, controls, held_still
from gametheory.explorer.pieces import answer_html, change_texts, map_html, payoffs_html
from gametheory.explorer.scans import Map, changes, grid_of_changes, region_map
from gametheory.report.phrases import Names, names_of

if TYPE_CHECKING:
    from gametheory.model import Model

__all__ = ["Explored", "View", "explored", "view"]


@dataclass(frozen=True, eq=False)
class Explored:
    """A model with what does not change while it is explored: its words, and the controls of the page."""

    model: Model
    names: Names
    controls: tuple[Control, ...]

    @cached_property
    def axes(self) -> tuple[Control, ...]:
        """The controls that can be an axis of the map."""
        return tuple(control for control in self.controls if not control.menu)

    @cached_property
    def held_still(self) -> tuple[tuple[str, str], ...]:
        """Label and value of each fixed parameter."""
        return held_still(self.model, self.names)

    def control(self, name: str) -> Control:
        """The control of a parameter that can be an axis; raises UnknownNameError for another name."""
        known = {control.name: control for control in self.axes}
        if name not in known:
            raise UnknownNameError(
                f"no parameter with a slider named {name!r}; expected one of {', '.join(known)}"
                f"{did_you_mean(name, known)}"
            )
        return known[name]

    def concepts(self, order: str) -> dict[str, str]:
        """The concepts that can be asked for under an order of play."""
        return concepts(self.model, order)

    def answer(self, values: Mapping[str, Any], order: str, concept: str) -> Answer:
        """The answer at one point: quick."""
        return answer(self.model, self.names, values, order, concept)

    def map(self, x: str, y: str, values: Mapping[str, float], order: str) -> Map | None:
        """The map of two parameters: some tenths of a second at most."""
        return region_map(self.model, self.control(x), self.control(y), values, order)

    def map_html(self, found: Map | None, order: str, values: Mapping[str, float]) -> str:
        """A map that was worked out before, with the point of the values on it: quick."""
        return map_html(self.names, found, order, values)

    def changes(self, values: Mapping[str, float], order: str) -> dict[str, dict[str, object]]:
        """Sentence and marks of the tipping points on each slider's track."""
        found = changes(self.model, self.controls, values, order)
        return change_texts(self.names, found, grid_of_changes(self.model, len(self.axes)))

    def answer_html(self, found: Answer) -> str:
        """Solutions, certificate and measures."""
        return answer_html(self.model, self.names, found)

    def payoffs_html(self, found: Answer) -> str:
        """The payoff table."""
        return payoffs_html(self.names, found)


@dataclass(frozen=True, eq=False)
class View:
    """The pieces of the page at one point: plain text in ``sentence`` and ``changes``, HTML in the others.

    ``changes`` has for each slider a ``sentence``, and for each tipping point in ``marks`` its place on the track
    (``share``, from 0 to 1) and its ``text``. Every text of the model is escaped in the HTML.
    """

    found: Answer
    sentence: str
    answer: str
    payoffs: str
    map: str
    changes: Mapping[str, Mapping[str, object]]
    title: str

    def _repr_html_(self) -> str:
        """Jupyter's view: all pieces below each other."""
        told = {name: str(own["sentence"]) for name, own in self.changes.items()}
        listed = "".join(f"<li>{escape(name)}: {escape(text)}.</li>" for name, text in told.items())
        return (
            f"<div><h3>{escape(self.title)}</h3><p><strong>{escape(self.sentence)}.</strong></p>{self.answer}"
            f"{self.payoffs}<div style='max-width:34rem'>{self.map}</div><ul>{listed}</ul></div>"
        )


def explored(model: Model) -> Explored:
    """Prepare a model for the page, once."""
    names = names_of(model)
    return Explored(model, names, controls(model, names))


def view(
    model: Model,
    values: Mapping[str, Any] | None = None,
    *,
    order: str = "simultaneous",
    concept: str = "nash",
    x: str | None = None,
    y: str | None = None,
) -> View:
    """Everything that the explorer shows at ``values``, the other parameters central.

    ``order`` is one order of play, ``concept`` a concept of `solve`; ``x`` and ``y`` are the parameters of the map, the
    first two sliders where they are not given. The map and the tipping points are those of Nash equilibria, worked out
    on a grid around the values: what lies between neighbours of the grid is missed. Raises UnknownNameError for an
    unknown name, InputError for a value that is no number and for equal axes.

    >>> from gametheory.reader import load
    >>> shown = view(load("reference_involvement"), {"escalation_risk": 0.02}, order="nato")
    >>> shown.sentence
    'If NATO moves first and is observed, NATO plays bridge and Russia answers with deescalate'
    """
    page = explored(model)
    chosen = one_order(model, order)
    found = page.answer(values or {}, chosen, concept)
    names = [control.name for control in page.axes]
    x = x or next((name for name in names if name != y), None)
    y = y or next((name for name in names if name != x), None)
    drawn = page.map(x, y, found.values, chosen) if x and y else None
    return View(
        found=found,
        sentence=found.sentence,
        answer=page.answer_html(found),
        payoffs=page.payoffs_html(found),
        map=page.map_html(drawn, chosen, found.values),
        changes=page.changes(found.values, chosen),
        title=model.title,
    )
