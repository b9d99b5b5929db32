"""How does the explorer live in a notebook: what does the page ask, and what is answered at once and what later?

The page sends all its settings at every change. The answer at the point goes back at once; the map and the tipping
points follow when the controls have rested for a moment, and what takes longer is worked out by a process beside this
one, so that nothing holds up a slider.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from gametheory.errors import InputError
from gametheory.explorer.answers import one_order
from gametheory.explorer.beside import beside
from gametheory.explorer.desk import Desk
from gametheory.explorer.pieces import still_html
from gametheory.explorer.prepared import Explored, explored
from gametheory.explorer.stages import at_once, map_to, scanned
from gametheory.explorer.terms import words
from gametheory.figures.words import order_name, sentence_case
from gametheory.parameters import MARKS

if TYPE_CHECKING:
    from anywidget import AnyWidget

    from gametheory.explorer.controls import Control
    from gametheory.model import Model

__all__ = ["MISSING", "explore"]

MISSING = (
    "the explorer needs {!r}, which is not installed; it comes with pip install '.[explore]' in a clone of the project"
)
REST = 0.12  # seconds without a change after which map and tipping points are worked out anew
NAMES = MappingProxyType(
    {"nash": "Nash equilibrium", "commitment": "Commitment to a mixture", "level_k": "Level-k play"}
)
STILL = "This is the first view. Where a notebook runs, a page with a slider for every parameter takes its place."
FOLDER = Path(__file__).parent
LIMITS = (
    "Everything here is conditional: if the model and these values hold, then this follows. Nothing here is a "
    "forecast, and no policy is recommended. Tipping points and the map are those of Nash equilibria and come from a "
    "grid of games: what lies between two neighbours of the grid is missed. Each track shows what moving that "
    "parameter alone would change."
)


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
    holds. A tree is drawn as one of its solutions plays it, an equation with its roots. The map and the tipping points
    of trees, equations and large tables, and the boundaries on the map of a table of two players, are worked out by a
    process beside this one, coarsely first, while the page goes on answering. It starts at ``values``, the other
    parameters central; a map whose axes are not given starts on those whose tipping points are nearest, as soon as
    these are known. In a notebook the first view stands there without controls, too, until the page is there, and
    stays where none comes, as in an exported file. `view` gives the same without a notebook.

    Raises UnknownNameError for an unknown name, InputError for a value that is no number, for a model without uncertain
    parameters, and where the packages of the extra ``explore`` are not installed.
    """
    page = explored(model)
    if not page.controls:
        raise InputError(f"{model.title!r}: every parameter is fixed, so that there is nothing to move; use solve")
    chosen = one_order(model, order)
    start = page.answer(values or {}, chosen, concept)
    given = (page.control(x).name if x else "", page.control(y).name if y else "")
    if x and x == y:
        raise InputError(f"x and y: both {x!r}, expected two different parameters")
    desk = Desk(page)
    asked = desk.placed({"values": dict(start.values), "order": chosen, "concept": concept}, given)
    if model.tree is not None:
        desk.warm()
    later = desk.later(asked)
    widget = _page_class()(page=_page(page), asked=asked, later=later, quick=desk.quick(asked))
    _Sitting(widget, desk, None if all(given) or at_once(page) or not asked["x"] else given).begin()
    return widget


class _Sitting:
    """One page and who answers it: at once, after a rest, and from the process beside this one.

    ``given`` are the axes that the first map is to have, the empty ones still to be chosen; None where all are settled.
    """

    def __init__(self, widget: AnyWidget, desk: Desk, given: tuple[str, str] | None) -> None:
        self.widget, self.desk, self.given = widget, desk, given
        self.first = _axes(widget.asked)
        self.name = secrets.token_hex(8)
        self.waiting: list[asyncio.TimerHandle] = []

    def begin(self) -> None:
        """Answer whatever the page asks from now on."""
        self.widget.observe(self._changed, names="asked")
        loop = _loop()
        if loop is None:
            self._work_out_here()
        else:
            self._rested()

    def _changed(self, _: object) -> None:
        """Answer at once; the rest follows after a moment without a change where an event loop runs, else now."""
        while self.waiting:
            self.waiting.pop().cancel()
        asked, loop = self.widget.asked, _loop()
        if _axes(asked) != self.first:
            self.given = None  # the reader has chosen
        if loop is not None:
            beside().ask({"page": self.name, "serial": int(asked["serial"])}, loop, self._take)
        self.widget.quick = self.desk.quick(asked)
        if loop is None:
            self._work_out_here()
        else:
            self.waiting.append(loop.call_later(REST, self._rested))

    def _rested(self) -> None:
        """Show what can be had in a moment, and have the rest worked out beside the page."""
        asked, loop = self.widget.asked, _loop()
        if at_once(self.desk.page):
            self.desk.later(asked)
        question = self.desk.question(asked, mapped=self.given is None)
        self.widget.later = self.desk.later(asked, more=question is not None)
        if question is not None and loop is not None:
            beside().ask({"page": self.name, **question}, loop, self._take)

    def _take(self, piece: Mapping[str, Any]) -> None:
        """Show a piece of the rest, unless the page has moved on since it was asked for."""
        asked = self.widget.asked
        if piece.get("dropped") or piece["serial"] != int(asked["serial"]):
            return
        shown = self.desk.take(asked, piece)
        if self.given is not None and not shown["left"]:  # the tipping points are there, and the page asks for the map
            axes, self.given = _axes(self.desk.placed(asked, self.given)), None
            shown |= {"axes": list(axes), "left": "" if shown["fault"] else "the map"}
        self.widget.later = shown

    def _work_out_here(self) -> None:
        """Everything at once, where no event loop could bring it later."""
        if at_once(self.desk.page):
            self.widget.later = self.desk.later(self.widget.asked)
            return
        own = self.desk.checked(self.widget.asked)
        values = {**self.desk.page.model.central(), **own["values"]}
        axes = _axes(own) if self.given is None else self.given
        drawn, tips = scanned(self.desk.page, values, own["order"], axes, followed=False)
        if drawn is not None and self.given is not None:
            own |= {"x": drawn.x.name, "y": drawn.y.name}
            self.given, self.first = None, _axes(own)
            self.widget.asked = own
        self.widget.later = self.desk.take(own, {"map": drawn and map_to(drawn), "tips": tips})


def _axes(asked: Mapping[str, Any]) -> tuple[str, str]:
    """The axes of the map in some settings."""
    return str(asked.get("x", "")), str(asked.get("y", ""))


def _loop() -> asyncio.AbstractEventLoop | None:
    """The event loop that runs here, as in a kernel, or None."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


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

        def _ipython_display_(self) -> None:
            """Jupyter's door for objects that show themselves: the still first view, which the page replaces."""
            from IPython.display import display

            still = _still(self.page, self.quick, self.later)
            for data in (still, (self._repr_mimebundle_() or ({},))[0]):
                display(data, raw=True)  # type: ignore[no-untyped-call]  # IPython leaves it untyped

    return Page


def _page(page: Explored) -> dict[str, Any]:
    """What the page needs once: texts, controls and menus."""
    model, names = page.model, page.names
    orders = [order for order in model.orders if page.concepts(order)]
    return {
        "key": secrets.token_hex(8),  # by which the page finds the still view that it replaces
        "title": model.title,
        "question": model.question,
        "controls": [_control(control) for control in page.controls],
        "axes": [[control.name, control.label] for control in page.axes],
        "orders": [[order, sentence_case(order_name(order, names.labels))] for order in orders],
        "concepts": {order: [_concept(*pair) for pair in page.concepts(order).items()] for order in orders},
        "fixed": [list(pair) for pair in page.held_still],
        "limits": LIMITS,
        "words": [list(pair) for pair in words(names.form)],
    }


def _still(page: Mapping[str, Any], quick: Mapping[str, Any], later: Mapping[str, Any]) -> dict[str, str]:
    """The first view without controls, as far as it is known, in the formats of a notebook."""
    labels = {control["name"]: control["label"] for control in page["controls"]}
    tips = [(labels[name], f"{texts['sentence']}; {texts['compared']}") for name, texts in later["changes"].items()]
    html = still_html(page["title"], quick["sentence"], (quick["answer"], quick["game"]), later["map"], tips, STILL)
    return {
        "text/html": f'<div class="gt-still" data-key="{page["key"]}">{html}</div>',
        "text/plain": f"{quick['sentence']}.",
    }


def _concept(name: str, finds: str) -> list[str]:
    """A concept: its name, the same in words, and what it finds."""
    return [name, NAMES.get(name) or sentence_case(name.replace("_", " ")), finds]


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
        "tied": control.tied,
    }
