"""How does the explorer live in a notebook: what does the page ask, and what is answered at once and what later?

The page sends all its settings at every change. The answer at the point goes back at once; the map and the tipping
points follow when the controls have rested for a moment, so that they never hold up a slider.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gametheory.errors import GameTheoryError, InputError
from gametheory.explorer.answers import one_order
from gametheory.explorer.scans import Map, grid_of_map
from gametheory.explorer.viewing import Explored, explored
from gametheory.figures.words import order_name, sentence_case
from gametheory.parameters import MARKS

if TYPE_CHECKING:
    from anywidget import AnyWidget

    from gametheory.explorer.controls import Control
    from gametheory.model import Model

__all__ = ["MISSING", "Desk", "explore"]

MISSING = "the explorer needs {!r}, which is not installed; it comes with pip install 'gametheory-escalation[explore]'"
REST = 0.12  # seconds without a change after which map and tipping points are worked out anew
FOLDER = Path(__file__).parent
LIMITS = (
    "Everything here is conditional: if the model and these values hold, then this follows. Nothing here is a "
    "forecast, and no policy is recommended. Tipping points and the map come from a grid of games: what lies between "
    "two neighbours of the grid is missed."
)

Asked = dict[str, Any]
Shown = dict[str, Any]


class Desk:
    """What is on the page of one reader: answers to what it asks, and the last map, which moves with the point."""

    def __init__(self, page: Explored) -> None:
        self.page = page
        self._map: Map | None = None
        self._map_of: object = None

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
            "x": x if apart else (axes[0] if len(axes) > 1 else ""),
            "y": y if apart else (axes[1] if len(axes) > 1 else ""),
        }

    def quick(self, asked: Mapping[str, Any]) -> Shown:
        """The answer at the point, and the map as far as it still holds: some thousandths of a second."""
        own = self.checked(asked)
        try:
            found = self.page.answer(own["values"], own["order"], own["concept"])
        except GameTheoryError as error:
            failed = {"sentence": f"No answer at these values: {error}", "answer": "", "payoffs": ""}
            return {**failed, "serial": own["serial"], "map": "", "stale": True}
        fresh = self._map_of == self._place(own)
        return {
            "serial": own["serial"],
            "sentence": found.sentence,
            "answer": self.page.answer_html(found),
            "payoffs": self.page.payoffs_html(found),
            "map": self.page.map_html(self._map, own["order"], found.values) if fresh else "",
            "stale": not fresh,
        }

    def later(self, asked: Mapping[str, Any]) -> Shown:
        """The map and the tipping points on all tracks: some hundredths of a second."""
        own = self.checked(asked)
        values = {**self.page.model.central(), **own["values"]}
        try:
            if self._map_of != self._place(own):
                drawable = bool(own["x"] and own["y"])
                self._map = self.page.map(own["x"], own["y"], values, own["order"]) if drawable else None
                self._map_of = self._place(own)
            marks = self.page.changes(values, own["order"])
        except GameTheoryError:
            return {"serial": own["serial"], "map": "", "changes": {}}
        drawn = self.page.map_html(self._map, own["order"], values)
        return {"serial": own["serial"], "map": drawn, "changes": marks}

    @staticmethod
    def _place(own: Asked) -> object:
        """All that the map depends on: not the values along its own axes."""
        others = {name: value for name, value in own["values"].items() if name not in (own["x"], own["y"])}
        return own["order"], own["x"], own["y"], others


def explore(
    model: Model,
    values: Mapping[str, float] | None = None,
    *,
    order: str = "simultaneous",
    concept: str = "nash",
    x: str | None = None,
    y: str | None = None,
) -> AnyWidget:
    """A page in Jupyter to move the parameters, the order of play and the concept, with the answer beside it.

    Every parameter that is not fixed has a slider over its law (by orders of magnitude where the law is log-uniform or
    log-normal) or, where its values are few, a menu; tipping points stand on the tracks. A table of payoffs shows best
    responses; every solution has its certificate; a map of the parameters ``x`` and ``y`` shows where each answer
    holds. It starts at ``values``, the other parameters central. `view` gives the same without a notebook.

    Raises UnknownNameError for an unknown name, InputError for a value that is no number, for a model without uncertain
    parameters, and where the packages of the extra ``explore`` are not installed.
    """
    page = explored(model)
    if not page.controls:
        raise InputError(f"{model.title!r}: every parameter is fixed, so that there is nothing to move; use solve")
    chosen = one_order(model, order)
    start = page.answer(values or {}, chosen, concept)
    axes = [page.control(name).name for name in (x, y) if name]
    rest = [control.name for control in page.axes if control.name not in axes]
    first = {"x": x or (rest or [""])[0]}
    first["y"] = y or next((name for name in rest if name != first["x"]), "")
    if x and x == y:
        raise InputError(f"x and y: both {x!r}, expected two different parameters")
    settings = {"serial": 0, "values": dict(start.values), "order": chosen, "concept": concept, **first}
    desk = Desk(page)
    asked = desk.checked(settings)
    later = desk.later(asked)
    widget = _page_class()(page=_page(page), asked=asked, later=later, quick=desk.quick(asked))
    _answer_changes(widget, desk)
    return widget


def _answer_changes(widget: AnyWidget, desk: Desk) -> None:
    """Answer at once whatever the page asks, and send map and tipping points when it has rested."""
    waiting: list[asyncio.TimerHandle] = []

    def finish() -> None:
        widget.later = desk.later(widget.asked)

    def changed(_: object) -> None:
        while waiting:
            waiting.pop().cancel()
        widget.quick = desk.quick(widget.asked)
        _after_a_rest(finish, waiting)

    widget.observe(changed, names="asked")


def _after_a_rest(work: Callable[[], None], waiting: list[asyncio.TimerHandle]) -> None:
    """Do the work a moment later where an event loop runs, as in a kernel; else at once."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        work()
    else:
        waiting.append(loop.call_later(REST, work))


@cache
def _page_class() -> type[AnyWidget]:
    """The widget's class, made when the packages that it rests on are first needed."""
    try:
        import anywidget
        import traitlets
    except ImportError as error:
        raise InputError(MISSING.format(error.name)) from error

    class Page(anywidget.AnyWidget):
        """The page: ``asked`` comes from the browser, ``quick`` and ``later`` go there."""

        _esm = (FOLDER / "page.js").read_text(encoding="utf-8")
        _css = (FOLDER / "page.css").read_text(encoding="utf-8")
        page = traitlets.Dict().tag(sync=True)
        asked = traitlets.Dict().tag(sync=True)
        quick = traitlets.Dict().tag(sync=True)
        later = traitlets.Dict().tag(sync=True)

    return Page


def _page(page: Explored) -> dict[str, Any]:
    """What the page needs once: texts, controls and menus."""
    model, names = page.model, page.names
    orders = [order for order in model.orders if page.concepts(order)]
    return {
        "title": model.title,
        "question": model.question,
        "controls": [_control(control) for control in page.controls],
        "axes": [[control.name, control.label] for control in page.axes] if grid_of_map(model) else [],
        "orders": [[order, sentence_case(order_name(order, names.labels))] for order in orders],
        "concepts": {order: [list(pair) for pair in page.concepts(order).items()] for order in orders},
        "fixed": [list(pair) for pair in page.held_still],
        "limits": LIMITS,
    }


def _control(control: Control) -> dict[str, Any]:
    """One control in plain values."""
    return {
        "name": control.name,
        "label": control.label,
        "menu": control.menu,
        "values": list(control.values),
        "central": control.central,
        "unit": control.unit,
        "law": control.law,
        "mark_key": control.mark,
        "mark": f"{control.mark}: {MARKS[control.mark]}",
        "meaning": control.meaning,
        "source": control.source,
    }


def _within(control: Control, value: object) -> float:
    """A value that a browser sent, within the ends of the control; the central value where it is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        return control.central
    low, high = control.ends
    return min(max(float(value), low), high)
