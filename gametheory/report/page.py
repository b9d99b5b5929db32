"""What stands on the page, section by section?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gametheory import figures
from gametheory.figures.orders import swept
from gametheory.figures.words import order_name, sentence_case
from gametheory.report import sentences, tables
from gametheory.report.changes import Sweep, overturn, sweeps, tip
from gametheory.report.phrases import Names, support
from gametheory.report.pictures import Picture, picture
from gametheory.report.tables import Table

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["Section", "headline", "sections"]

CARDS = "Each bar is one order of play, with the payoffs above it. Equal colours mean equal outcomes."
GRID = "One column an order of play, one row a value. Equal colours mean equal outcomes."

Frames = Mapping[str, Sequence["pd.DataFrame"]]


@dataclass(frozen=True)
class Section:
    """One section of the page: sentences, then pictures, then tables; ``html`` is a table that is already HTML."""

    anchor: str
    title: str
    sentences: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    tables: tuple[Table, ...] = ()
    html: str = ""


def headline(frames: Frames, names: Names) -> Picture | None:
    """The first figure: the outcome under each order of play, at the central values."""
    for frame in frames.get("flips", ()):
        if swept(frame) is None:
            return picture(figures.flips, frame[frame["concept"] == "nash"], CARDS, labels=names.labels)
    return None


def sections(model: Model, frames: Frames, names: Names) -> Iterator[Section]:
    """Every section whose frames are there, in the order of the page."""
    yield _payoffs(model, names)
    found = sweeps(frames.get("tip", ()), model)
    builders: tuple[Callable[..., Section | None], ...] = (_base_case, _margins, _flips)
    for build in builders:
        section = build(frames, names)
        if section is not None:
            yield section
    if found:
        yield _tips(found, frames, names)
    for section in (
        _maps(model, frames, names),
        _outcomes(frames, names),
        _measures(frames, names),
        _claims(frames, names),
    ):
        if section is not None:
            yield section
    changes = overturn(found, _only(frames, "margins"), _only(frames, "base_case"), _only(frames, "outcomes"), names)
    if changes:
        yield Section("changes", "What would change the answer", tuple(changes))


def _only(frames: Frames, name: str) -> pd.DataFrame | None:
    """The one frame of an analysis; several are joined."""
    parts = frames.get(name, ())
    if len(parts) < 2:
        return parts[0] if parts else None
    import pandas as pd

    joined = pd.concat(parts, ignore_index=True)
    joined.attrs = dict(parts[0].attrs)
    return joined


def _payoffs(model: Model, names: Names) -> Section:
    """The payoff table at the central values."""
    from gametheory.games.display import payoff_table_html

    games = model.games()
    players = [names.say(player) for player in games.players]
    actions = [[names.say(action) for action in own] for own in games.actions]
    html = payoff_table_html(players, actions, games.payoffs, "Payoffs at the central values of all parameters")
    return Section("payoffs", "Payoffs", html=html)


def _base_case(frames: Frames, names: Names) -> Section | None:
    """The solutions at the central values and what was proved about them."""
    frame = _only(frames, "base_case")
    if frame is None:
        return None
    said = tuple(sentences.certificate(frame, names))
    shown = [tables.base_case(frame, names)] if len(frame) else []
    if len(frame) and any(column.startswith("measure_") for column in frame.columns):
        shown.append(tables.base_measures(frame, names))
    return Section("solutions", "Solutions and their certificates", said, tables=tuple(shown))


def _margins(frames: Frames, names: Names) -> Section | None:
    """What keeps the solutions standing."""
    frame = _only(frames, "margins")
    if frame is None:
        return None
    said = tuple(sentences.margin(frame, names))
    if frame.empty:
        return Section("margins", "How firmly each solution stands", said)
    note = "The shorter the bar, the smaller the change of payoffs that would overturn the solution."
    drawn = (picture(figures.margins, frame, note, labels=names.labels),)
    return Section("margins", "How firmly each solution stands", said, drawn, (tables.margins(frame, names),))


def _flips(frames: Frames, names: Names) -> Section | None:
    """What the order of play does."""
    said: list[str] = []
    drawn, shown = [], []
    for frame in frames.get("flips", ()):
        said += sentences.flip(frame, names)
        shown.append(tables.flips(frame, swept(frame), names))
        note = CARDS if swept(frame) is None else GRID
        drawn.append(picture(figures.flips, frame, note, labels=names.labels))
    return Section("orders", "What the order of play does", tuple(said), tuple(drawn), tuple(shown)) if said else None


def _tips(found: Sequence[Sweep], frames: Frames, names: Names) -> Section:
    """Where the answer tips."""
    base = _only(frames, "base_case")
    said, drawn, shown = [], [], []
    for sweep in found:
        said += tip(sweep, names)
        options: dict[str, Any] = {"low": sweep.low, "high": sweep.high, "value": sweep.value, "log": sweep.log}
        options["present"] = {order: _present(base, order) for order in sweep.orders}
        note = "Equal letters mean equal sets of solutions; the numbers are the tipping points."
        drawn.append(picture(figures.tip, sweep.frame, note, labels=names.labels, **options))
        if len(sweep.frame):
            shown.append(tables.tips(sweep, names))
    return Section("tips", "Where the answer tips", tuple(said), tuple(drawn), tuple(shown))


def _present(base: pd.DataFrame | None, order: str) -> tuple[str, ...] | None:
    """The solutions of an order at the central values, by the actions in use."""
    if base is None:
        return None
    own = base[(base["order"] == order) & (base["concept"] == "nash")]
    return tuple(dict.fromkeys(support(text) for text in own["profile"])) or None


def _maps(model: Model, frames: Frames, names: Names) -> Section | None:
    """Maps of two parameters."""
    said, drawn, shown = [], [], []
    for frame in frames.get("region_map", ()):
        said += sentences.region(frame, names)
        x, y = (model.parameters[str(name)].value for name in frame.columns[:2])
        order = sentence_case(order_name(str(frame.attrs.get("order", "simultaneous")), names.labels))
        note = f"{order}. The dot marks the central values; all other parameters stand at theirs."
        drawn.append(picture(figures.region_map, frame, note, point=(x, y), labels=names.labels))
        shown.append(tables.regions(frame, names))
    return Section("map", "Two parameters at once", tuple(said), tuple(drawn), tuple(shown)) if said else None


def _outcomes(frames: Frames, names: Names) -> Section | None:
    """How often each outcome comes about."""
    frame, counts = _only(frames, "outcomes"), _only(frames, "multiplicity")
    said, drawn, shown = [], [], []
    if frame is not None:
        said += sentences.outcome(frame, names)
        if len(frame):
            note = "Outcomes beyond the most frequent are drawn together, within bounds."
            drawn.append(picture(figures.outcomes, frame, note, labels=names.labels))
            shown.append(tables.outcomes(frame, names))
    if counts is not None:
        said += sentences.multiplicity(counts, names)
        shown.append(tables.multiplicity(counts, names))
    title = "Outcomes over the admissible parameters"
    return Section("outcomes", title, tuple(said), tuple(drawn), tuple(shown)) if said else None


def _measures(frames: Frames, names: Names) -> Section | None:
    """Lower and upper means of the measures."""
    frame = _only(frames, "measure_ranges")
    if frame is None or frame.empty:
        return None
    note = "Each measure has a scale of its own, which includes zero; compare the orders of play within a measure."
    drawn = (picture(figures.measure_ranges, frame, note, labels=names.labels),)
    said = tuple(sentences.measure(frame, names))
    return Section(
        "measures", "Measures over the admissible parameters", said, drawn, (tables.measure_ranges(frame, names),)
    )


def _claims(frames: Frames, names: Names) -> Section | None:
    """How far the claims of the argument follow."""
    frame = _only(frames, "claims")
    if frame is None or frame.empty:
        return None
    note = "The wider the plain bar, the more of the admissible parameters bear the claim out."
    drawn = (picture(figures.claims, frame, note, labels=names.labels),)
    return Section("claims", "Claims", tuple(sentences.claim(frame, names)), drawn, (tables.claims(frame, names),))
