"""Which sections tell how far the assumptions bear the answer: radius, break-even values, critical risks, changes?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from gametheory import figures
from gametheory.report import risks, robustness
from gametheory.report.amounts import amount
from gametheory.report.changes import Sweep, overturn
from gametheory.report.grids import Table
from gametheory.report.phrases import Names
from gametheory.report.pictures import Picture, picture
from gametheory.report.section import Frames, Section, noted, only

if TYPE_CHECKING:
    from gametheory.model import Model

CHANGES = 6  # sentences that stand open: the smallest changes under three orders of play

__all__ = ["break_even", "changes", "critical_risk", "radius"]


def radius(model: Model, frames: Frames, names: Names) -> Section | None:
    """How far the assumptions can move before each solution ends."""
    frame = only(frames, "radius")
    if frame is None:
        return None
    blocks: list[Picture | Table] = []
    if (frame["radius"] < math.inf).any():
        note = "The shorter the bar, the smaller the errors of the assumptions that, taken together, end the solution."
        blocks = [picture(figures.radius, frame, note, labels=names.labels)]
    if len(frame):
        blocks.append(robustness.radius_table(frame, names))
    title = "How far the assumptions can move"
    return Section("radius", title, robustness.radius(frame, names), blocks, [*noted(frame), *_moves(model)])


def _moves(model: Model) -> list[str]:
    """What ties between parameters mean for moves of several of them."""
    notes = ["Moves to where a constraint is broken are left out."] if model.constraints else []
    return [*notes, "Distances take no account of rank correlations."] if model.correlations else notes


def break_even(model: Model, frames: Frames, names: Names) -> Section | None:
    """At which values of a parameter the next action pays as much as this one."""
    title = "Where the next step breaks even"
    if model.form == "strategic" and all(parameter.law.kind == "fixed" for parameter in model.parameters.values()):
        said = "No parameter of this model is uncertain, so there is none to move until a step breaks even."
        return Section("break-even", title, [said])
    said_of: list[str] = []
    blocks: list[Picture | Table] = []
    for frame in frames.get("break_even", ()):
        said_of += risks.break_even(frame, names)
        if frame["value"].isna().all():
            continue
        note = f"The line marks the present value, {amount(float(frame.attrs['present']))}."
        blocks.append(picture(figures.break_even, frame, note, labels=names.labels))
        blocks.append(risks.break_even_table(frame, names))
    return Section("break-even", title, said_of, blocks, noted(*frames["break_even"])) if said_of else None


def critical_risk(model: Model, frames: Frames, names: Names) -> Section | None:
    """Up to which firmness of the other side standing firm pays."""
    title = "How firm the other side may be"
    if model.form == "strategic" and len(model.players) != 2:
        said = (
            f"A critical risk is a question between two players, and this game has {len(model.players)}: it has an "
            "answer only once the actions of the others are given (gametheory critical --others)."
        )
        return Section("critical-risk", title, [said])
    frame, moving = only(frames, "critical_risk"), only(frames, "critical_risk_elasticities")
    if frame is None:
        return None
    said_of, blocks, rest = risks.critical(frame, names), list[Picture | Table](), list[Picture | Table]()
    if frame["critical"].notna().any():
        note = "From a yielding opponent on the left to a firm one on the right."
        blocks = [picture(figures.critical_risk, frame, note, labels=names.labels), risks.critical_table(frame, names)]
    if moving is not None and len(moving):
        said_of += risks.elasticity(moving, names)
        note = "Each bar is one parameter and one encounter."
        rest.append(picture(figures.critical_risk_elasticities, moving, note, labels=names.labels))
        rest.append(risks.elasticity_table(moving, names))
    said_of = said_of or ["No player has two actions to compare."]
    notes = noted(frame, moving if blocks or rest else None)
    return Section("critical-risk", title, said_of, blocks, notes, rest=rest)


def changes(model: Model, found: Sequence[Sweep], frames: Frames, names: Names) -> Section | None:
    """What would change the answer: the smallest changes of assumptions, margins, and other parameters."""
    frame = only(frames, "least_change")
    least = None if frame is None else robustness.least(frame, names)
    parts = (only(frames, "margins"), only(frames, "base_case"), only(frames, "outcomes"))
    said = overturn(found, *parts, names, least=least)
    blocks: list[Picture | Table] = []
    if frame is not None and len(frame):
        note = "Each bar is one change: what moves, from the present value to the edge, and the answer beyond it."
        drawn = picture(figures.least_change, frame, note, labels=names.labels)
        blocks = [drawn, robustness.least_table(frame, names)]
    notes = [] if frame is None else [*noted(frame), *_moves(model)]
    return Section("changes", "What would change the answer", said, blocks, notes, shown=CHANGES) if said else None
