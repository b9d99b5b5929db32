"""What is on the page of one reader, what of it still holds when something is moved, and what is to be worked out?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gametheory.errors import GameTheoryError
from gametheory.explorer.axes import nearest_axes
from gametheory.explorer.prepared import Explored
from gametheory.explorer.scans import Map
from gametheory.explorer.stages import at_once, map_from

if TYPE_CHECKING:
    from gametheory.explorer.controls import Control

__all__ = ["Desk"]

WARM = (0.1, 0.35, 0.65, 0.9)  # shares of every track, far from the central values

Asked = dict[str, Any]
Shown = dict[str, Any]


class Desk:
    """What is on the page of one reader: answers to what it asks, and what still holds of the last map and tips."""

    def __init__(self, page: Explored) -> None:
        self.page = page
        self._map: Map | None = None
        self._map_of: object = None
        self._finished = False  # whether nothing finer than the map that is held will come
        self._tips: dict[str, tuple[object, Mapping[str, object]]] = {}

    def checked(self, asked: Mapping[str, Any]) -> Asked:
        """The settings of the page, each made one that the model knows: they come from a browser."""
        given = asked.get("values")
        sent: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
        model, axes = self.page.model, [control.name for control in self.page.axes]
        order = asked.get("order") if asked.get("order") in model.orders else model.orders[0]
        known = self.page.concepts(str(order))
        x, y = asked.get("x"), asked.get("y")
        apart = x in axes and y in axes and x != y
        return {
            "serial": int(asked.get("serial", 0)),
            "values": {control.name: _within(control, sent.get(control.name)) for control in self.page.controls},
            "order": order,
            "concept": asked.get("concept") if asked.get("concept") in known else next(iter(known), "nash"),
            "drawn": _place(asked.get("drawn")),
            "x": x if apart else (axes[0] if len(axes) > 1 else ""),
            "y": y if apart else (axes[1] if len(axes) > 1 else ""),
        }

    def placed(self, asked: Mapping[str, Any], given: tuple[str, str]) -> Asked:
        """The settings with a map of the axes ``given``; an empty one is chosen as `nearest_axes` does.

        Where tipping points can be had at once they are worked out first; of other models those count that are known.
        """
        own = self.checked(asked)
        try:
            if at_once(self.page):
                self._find_tips(own)
            known = self._known_tips(own)
        except GameTheoryError:
            known = {}  # why is told where the tipping points would stand
        x, y = nearest_axes(self.page.axes, own["values"], known, given)
        return {**own, "x": x, "y": y}

    def quick(self, asked: Mapping[str, Any]) -> Shown:
        """The answer at the point, where it stands on the map, and what of the rest no longer holds."""
        own = self.checked(asked)
        held = {"serial": own["serial"], "stale": not self._map_holds(own), "outdated": self._outdated(own)}
        try:
            found = self.page.answer(own["values"], own["order"], own["concept"])
        except GameTheoryError as error:
            failed = {"sentence": f"No answer at these values: {error}", "answer": "", "game": "", "solutions": 0}
            return {**failed, **held, "drawn": 0, "point": ""}
        count = len(found.rows) if self.page.model.tree is not None else 0
        drawn = min(own["drawn"], max(count - 1, 0))
        return {
            **held,
            "sentence": found.sentence,
            "answer": self.page.answer_html(found),
            "game": self.page.game_html(found, drawn),
            "solutions": count,
            "drawn": drawn,
            "point": "" if held["stale"] or self._map is None else self.page.point(self._map, found.values),
        }

    def warm(self) -> None:
        """Answer a few far points, so that no slider is the first to load what harder games need."""
        for order in self.page.model.orders:
            for share in WARM:
                values = {own.name: own.values[int(share * (len(own.values) - 1))] for own in self.page.controls}
                self.quick({"values": values, "order": order})

    def later(self, asked: Mapping[str, Any], *, more: bool = False) -> Shown:
        """The map and the tipping points as far as they are known, worked out first where that takes a moment.

        ``more`` says that the rest is being worked out beside the page.
        """
        own = self.checked(asked)
        if at_once(self.page):
            try:
                self._work_out(own)
            except GameTheoryError as error:
                return self._shown(own, "", str(error))
        parts = (
            ["the boundaries of the map"] if at_once(self.page) else ["the map"] * bool(own["x"]) + ["tipping points"]
        )
        return self._shown(own, " and ".join(parts) if more else "", "")

    def question(self, asked: Mapping[str, Any], *, mapped: bool = True) -> Shown | None:
        """What is to be worked out beside the page: all that it lacks, and the boundaries of the map. None for none.

        Without ``mapped`` only the tipping points are asked for.
        """
        own, model = self.checked(asked), self.page.model
        tips = [] if at_once(self.page) else self._outdated(own)
        finished = not (mapped and own["x"]) or (self._map_holds(own) and self._finished)
        if finished and not tips:
            return None
        x, y = ("", "") if finished else (own["x"], own["y"])
        values = {**model.central(), **own["values"]}
        asks = {"order": own["order"], "x": x, "y": y, "values": values, "tips": tips}
        return {"serial": own["serial"], "digest": model.digest, "text": model.text, **asks}

    def take(self, asked: Mapping[str, Any], piece: Mapping[str, Any]) -> Shown:
        """Note a piece that was worked out beside the page for what was asked, and return what is shown now."""
        own = self.checked(asked)
        left, fault = str(piece.get("left", "")), str(piece.get("fault", ""))
        if piece.get("map"):
            found = map_from(piece["map"], self.page.control)
            if not (self._map and self._map_holds(own) and len(found.xs) < len(self._map.xs)):
                self._map, self._map_of = found, self._place(own)
        self._finished = not left and self._map_holds(own)
        for name, texts in (piece.get("tips") or {}).items():
            self._tips[name] = self._others(own, name), texts
        return self._shown(own, left, fault)

    def _work_out(self, own: Asked) -> None:
        """Map and tipping points of a model for which they can be had at once."""
        values = {**self.page.model.central(), **own["values"]}
        if not self._map_holds(own):
            self._map = self.page.map(own["x"], own["y"], values, own["order"]) if own["x"] else None
            self._map_of, self._finished = self._place(own), False
        self._find_tips(own)

    def _find_tips(self, own: Asked) -> None:
        """The tipping points of a model for which they can be had at once."""
        values = {**self.page.model.central(), **own["values"]}
        if self._outdated(own):
            for name, texts in self.page.changes(values, own["order"]).items():
                self._tips[name] = self._others(own, name), texts

    def _shown(self, own: Asked, left: str, fault: str) -> Shown:
        """Map and tips that hold, with what is still to come or why it does not come."""
        holds = self._map_holds(own)
        values = {**self.page.model.central(), **own["values"]}
        return {
            "serial": own["serial"],
            "map": self.page.map_html(self._map, own["order"], values) if holds else "",
            "stale": not holds,
            "changes": self._known_tips(own),
            "outdated": self._outdated(own),
            "left": left,
            "fault": fault,
        }

    def _map_holds(self, own: Asked) -> bool:
        return self._map_of == self._place(own)

    def _outdated(self, own: Asked) -> list[str]:
        """The sliders whose tipping points are not known for the values of the others."""
        kept = self._known_tips(own)
        return [control.name for control in self.page.axes if control.name not in kept]

    def _known_tips(self, own: Asked) -> dict[str, Mapping[str, object]]:
        """What stands at the tracks whose tipping points are known for the values of the others."""
        return {name: texts for name, (others, texts) in self._tips.items() if others == self._others(own, name)}

    @staticmethod
    def _others(own: Asked, *names: str) -> object:
        """All that the tipping points of a parameter, or a map of two, depend on: not their own values."""
        return own["order"], {name: value for name, value in own["values"].items() if name not in names}

    @classmethod
    def _place(cls, own: Asked) -> object:
        """All that the map depends on."""
        return own["x"], own["y"], cls._others(own, own["x"], own["y"])


def _place(value: object) -> int:
    """The number of a solution that a browser sent; the first where it is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else 0


def _within(control: Control, value: object) -> float:
    """A value that a browser sent, within the ends of the control; the central value where it is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        return control.central
    low, high = control.ends
    return min(max(float(value), low), high)
