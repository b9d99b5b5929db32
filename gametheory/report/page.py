"""What stands on the page, section by section?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from gametheory import figures
from gametheory.figures.orders import swept
from gametheory.figures.words import order_name, order_phrase, sentence_case
from gametheory.report import bearings, decisions, influence, points, sentences, solved, standing, tables
from gametheory.report.changes import Sweep, still, tip
from gametheory.report.equations import equations_section
from gametheory.report.fitting import fitted
from gametheory.report.grids import Table
from gametheory.report.phrases import Names
from gametheory.report.pictures import Picture, picture
from gametheory.report.section import Frames, Section, noted, noted_apart, only
from gametheory.report.trees import threats_said, tree_section
from gametheory.report.unknowns import unknowns_section

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["Section", "headline", "sections"]

DRAWN = 3  # parameters whose tipping points are shown in full
READABLE = 3  # solutions of one order that the first figure can hold
MEASURES = 2  # in the first figure, where the solutions are too many
SHARES = "Over the laws of the parameters."
ACROSS = "From the lowest to the highest value, over the points tried and the solutions at each of them."
GIVEN = "Means over the laws, given the model: no chances of events."
RANGES = "Means over the laws of the parameters, from the lowest to the highest over the solutions."
CARDS = "Each bar is one order of play, with the payoffs above it. Equal colours mean equal outcomes."
MAP = (
    "The dot marks the central values; all other parameters stand at theirs. A numbered line says which deviation "
    "begins to pay as one crosses it to the right, or upwards where it is flat."
)
GRID = "One column an order of play, one row a value. Equal colours mean equal outcomes."


def headline(frames: Frames, names: Names) -> Picture | None:
    """The one figure of the first screen.

    It shows what each order of play leads to, where that differs and can be read, else how often each outcome comes
    about, or the measures where equations have one kind of solution; without draws, the outcome at the central values.
    """
    flips = next((frame for frame in frames.get("flips", ()) if swept(frame) is None), None)
    nash = None if flips is None else flips[flips["concept"] == "nash"]
    shares = only(frames, "outcomes")
    several = nash is not None and nash["outcome"].nunique() > 1
    if nash is not None and several and max(text.count(" | ") for text in nash["outcome"]) < READABLE:
        return picture(figures.flips, nash, CARDS, labels=names.labels)
    if several:
        ranges = only(frames, "measure_ranges")
        if ranges is not None and len(ranges):
            return _ranges(_most_open(ranges), RANGES, names)
    ranges = only(frames, "measure_ranges")
    one_kind = shares is None or len(shares) < 2 or names.certain
    if names.form == "analytic" and one_kind and ranges is not None and len(ranges):
        return _ranges(_most_open(ranges), RANGES, names)
    if shares is not None and len(shares) and not names.certain:
        return picture(figures.outcomes, shares, SHARES, labels=names.labels)
    return None if nash is None else picture(figures.flips, nash, CARDS, labels=names.labels)


def _ranges(ranges: pd.DataFrame, note: str, names: Names) -> Picture:
    """A picture of measures: of their means over the draws or, where nothing has a probability, of their values."""
    drawn = picture(figures.measure_ranges, ranges, note, labels=names.labels)
    return points.at_points(drawn, ACROSS) if names.certain else drawn


def _most_open(ranges: pd.DataFrame) -> pd.DataFrame:
    """The few measures that orders of play and solutions leave most open."""
    ends = ranges.groupby("measure", sort=False).agg(low=("lower", "min"), high=("upper", "max"))
    scale = ends.abs().max(axis=1).clip(lower=1.0)
    width = ((ends["high"] - ends["low"]) / scale).sort_values(ascending=False, kind="stable")
    few = ranges[ranges["measure"].isin(width.index[:MEASURES])].copy()
    few.attrs = dict(ranges.attrs)
    return few


def sections(model: Model, frames: Frames, names: Names, found: Sequence[Sweep]) -> Iterator[Section]:
    """Every section whose frames are there, in the order of the page; ``found`` are the tipping points."""
    built: tuple[Section | None, ...] = (
        _game(model, names),
        _base_case(model, frames, names),
        unknowns_section(frames, names),
        _margins(frames, names),
        bearings.radius(model, frames, names),
        _flips(frames, names),
        _tips(found, names),
        bearings.break_even(model, frames, names),
        _maps(model, frames, names),
        bearings.critical_risk(model, frames, names),
        _outcomes(frames, names),
        _measures(frames, names),
        influence.drivers(frames, names),
        influence.curves(frames, names),
        influence.scenarios(frames, names),
        *decisions.choices(frames, names),
        decisions.information(frames, names),
        standing.claims(frames, names),
        standing.alternatives(frames, names),
        bearings.changes(model, found, frames, names),
    )
    yield from (fitted(section, names) for section in built if section is not None)


def _game(model: Model, names: Names) -> Section | None:
    """What is solved: the payoff table or the tree at the central values, or the equations."""
    if model.form == "strategic":
        return _payoffs(model, names)
    return tree_section(model, names) if model.form == "extensive" else equations_section(model, names)


def _payoffs(model: Model, names: Names) -> Section:
    """The payoff table at the central values."""
    from gametheory.games.display import payoff_table_html

    games = model.games()
    players = [sentence_case(names.say(player)) for player in games.players]
    actions = [[names.say(action) for action in own] for own in games.actions]
    html = payoff_table_html(players, actions, games.payoffs, "Payoffs at the central values of all parameters")
    return Section("payoffs", "Payoffs", html=html)


def _base_case(model: Model, frames: Frames, names: Names) -> Section | None:
    """The solutions at the central values, how far they reach, and what was proved about them."""
    frame = only(frames, "base_case")
    if frame is None:
        return None
    blocks = [tables.base_case(frame, names)] if len(frame) else []
    if len(frame) and any(column.startswith("measure_") for column in frame.columns):
        blocks.append(tables.base_measures(frame, names))
    said = solved.answer(frame, only(frames, "outcomes"), model.orders, names)
    said += [*solved.certificate(frame, names), *threats_said(frame, names)]
    return Section("solutions", "Solutions and their certificates", said, blocks, noted(frame))


def _margins(frames: Frames, names: Names) -> Section | None:
    """What keeps the solutions standing."""
    frame = only(frames, "margins")
    if frame is None:
        return None
    note = "The shorter the bar, the smaller the change of payoffs that would overturn the solution."
    blocks: list[Picture | Table] = []
    if len(frame):
        blocks = [picture(figures.margins, frame, note, labels=names.labels), tables.margins(frame, names)]
    title = "How firmly each solution stands"
    return Section("margins", title, sentences.margin(frame, names), blocks, noted(frame))


def _flips(frames: Frames, names: Names) -> Section | None:
    """What the order of play does or, of a tree, what is asked of an equilibrium."""
    said: list[str] = []
    blocks: list[Picture | Table] = []
    rest: list[Picture | Table] = []
    for frame in frames.get("flips", ()):
        parameter = swept(frame)
        said += sentences.flip(frame, names)
        place = blocks if parameter is None else rest
        if parameter or names.form == "strategic":
            place.append(picture(figures.flips, frame, GRID if parameter else CARDS, labels=names.labels))
        place.append(tables.flips(frame, parameter, names))
    title = "What the order of play does" if names.form == "strategic" else "What the kind of play does"
    return Section("orders", title, said, blocks, noted(*frames["flips"]), rest=rest) if said else None


def _tips(found: Sequence[Sweep], names: Names) -> Section | None:
    """Where the answer tips: every parameter in a table, those nearest to changing the answer in full."""
    if not found:
        return None
    said, blocks = [still(found, names)], [tables.nearest_tips(found, names)]  # the table holds every parameter
    nearest = [sweep for sweep in found if len(sweep.frame)][:DRAWN]
    drawn: list[Picture | Table] = []
    exact: list[Picture | Table] = []
    for sweep in nearest:
        said += tip(sweep, names)
        options: dict[str, Any] = {"low": sweep.low, "high": sweep.high, "value": sweep.value, "log": sweep.log}
        options["present"] = {order: sweep.present.get(order) for order in sweep.orders}
        note = "Equal letters mean equal sets of solutions; the numbers are the tipping points."
        drawn.append(picture(figures.tip, sweep.frame, note, labels=names.labels, **options))
        exact.append(tables.tips(sweep, names))
    notes = noted_apart([(names.say(sweep.parameter), sweep.frame) for sweep in nearest])
    return Section("tips", "Where the answer tips", said, [*drawn[:1], *blocks], notes, rest=[*drawn[1:], *exact])


def _maps(model: Model, frames: Frames, names: Names) -> Section | None:
    """Maps of two parameters."""
    said: list[str] = []
    blocks: list[Picture | Table] = []
    areas = {str(frame.attrs.get("order")): frame for frame in frames.get("region_areas", ())}
    for frame in frames.get("regions", ()):
        own = areas.get(str(frame.attrs.get("order")))
        said += sentences.region(frame, own, names)
        x, y = (model.parameters[str(name)].value for name in frame.columns[1:3])
        order = sentence_case(order_name(str(frame.attrs.get("order", "simultaneous")), names.labels))
        note = f"{order}. {MAP}"
        blocks.append(picture(figures.regions, frame, note, point=(x, y), labels=names.labels))
        if own is not None:
            blocks.append(tables.region_areas(own, order, names))
    every = [*frames.get("regions", ()), *areas.values()]
    notes = noted_apart([(order_phrase(str(own.attrs.get("order")), names.labels), own) for own in every])
    first = 1 + any(isinstance(block, Table) for block in blocks[1:2])  # a map, and the shares of its answers
    title = "Two parameters at once"
    return Section("map", title, said, blocks[:first], notes, rest=blocks[first:]) if said else None


def _outcomes(frames: Frames, names: Names) -> Section | None:
    """How often each outcome comes about."""
    frame, counts = only(frames, "outcomes"), only(frames, "multiplicity")
    said: list[str] = []
    blocks: list[Picture | Table] = []
    if frame is not None:
        said += sentences.outcome(frame, names)
        if len(frame) and not names.certain:  # the bars are shares of draws
            note = "Outcomes beyond the most frequent are drawn together, within bounds."
            blocks.append(picture(figures.outcomes, frame, note, labels=names.labels))
        blocks += [tables.outcomes(frame, names)] * bool(len(frame))
    if counts is not None:
        said += sentences.multiplicity(counts, names)
        blocks += [] if names.certain else [tables.multiplicity(counts, names)]
    title = "Outcomes over the admissible parameters"
    notes = noted(frame, None if names.form == "analytic" else counts)  # which tell how actions are counted
    return Section("outcomes", title, said, blocks, notes) if said else None


def _measures(frames: Frames, names: Names) -> Section | None:
    """Lower and upper means of the measures."""
    frame = only(frames, "measure_ranges")
    if frame is None:
        return None
    said = sentences.measure(frame, names)
    title = "Measures over the admissible parameters"
    if frame.empty:
        return Section("measures", title, said, notes=noted(frame)) if said else None
    kind = {"strategic": "orders", "extensive": "kinds"}.get(names.form, "")
    compared = f"; compare the {kind} of play within a measure" if kind else ""
    note = f"{GIVEN} Each measure has a scale of its own, which includes zero{compared}."
    blocks: list[Picture | Table] = [
        _ranges(frame, note, names),
        tables.measure_ranges(frame, names),
    ]
    return Section("measures", title, said, blocks, noted(frame))
