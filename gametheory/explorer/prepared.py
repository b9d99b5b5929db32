"""What of a model does not change while it is explored: its words, its controls, and what can be asked of it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from gametheory.errors import UnknownNameError, did_you_mean
from gametheory.explorer.answers import Answer, answer, concepts
from gametheory.explorer.controls import Control, controls, held_still
from gametheory.explorer.pieces import answer_html, change_texts, game_html, map_html, point
from gametheory.explorer.scans import Map, changes, grid_of_changes, region_map
from gametheory.report.phrases import Names, names_of

if TYPE_CHECKING:
    from gametheory.model import Model

__all__ = ["Explored", "explored"]


@dataclass(frozen=True, eq=False)
class Explored:
    """A model with what does not change while it is explored: its words, and the controls of the page."""

    model: Model
    names: Names
    controls: tuple[Control, ...]
    _concepts: dict[str, dict[str, str]] = field(default_factory=dict)

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
        if order not in self._concepts:
            self._concepts[order] = concepts(self.model, order)
        return self._concepts[order]

    def answer(self, values: Mapping[str, Any], order: str, concept: str) -> Answer:
        """The answer at one point: quick."""
        return answer(self.model, self.names, values, order, concept)

    def map(self, x: str, y: str, values: Mapping[str, float], order: str) -> Map | None:
        """The map of two parameters where it can be had at once, in some tenths of a second at most."""
        return region_map(self.model, self.control(x), self.control(y), values, order)

    def map_html(self, found: Map | None, order: str, values: Mapping[str, float]) -> str:
        """A map that was worked out before, with the point of the values on it."""
        return map_html(self.names, found, order, values)

    def point(self, found: Map, values: Mapping[str, float]) -> str:
        """The point of the values alone, to be put on a map that is already shown."""
        return point(found, values)

    def changes(self, values: Mapping[str, float], order: str) -> dict[str, dict[str, object]]:
        """Sentence and marks of the tipping points on each slider's track, where they can be had at once."""
        found = changes(self.model, self.controls, values, order)
        return change_texts(self.names, found, grid_of_changes(self.model, len(self.axes)))

    def answer_html(self, found: Answer) -> str:
        """Solutions, certificate and measures."""
        return answer_html(self.model, self.names, found)

    def game_html(self, found: Answer, drawn: int = 0) -> str:
        """The payoff table, the tree as one solution plays it, or the curve of the equation or the choice."""
        return game_html(self.names, found, drawn)


def explored(model: Model) -> Explored:
    """Prepare a model for the page, once."""
    names = names_of(model)
    return Explored(model, names, controls(model, names))
