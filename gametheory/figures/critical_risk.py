"""Up to which probability that the other side stands firm does standing firm pay, and what moves that limit?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gametheory.figures.rows import Row, Scale, Span, height, paint
from gametheory.figures.style import DARK, PALE, axes, say, style
from gametheory.figures.words import Labels, counted, labelled, number, percent, span, within

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["critical_risk", "critical_risk_elasticities", "critical_risk_message"]

SHOWN = 12  # rows; the frame has them all
STEEP = 20  # elasticity from which on what one per cent does is no small change


def critical_risk(frame: pd.DataFrame, ax: Axes | None = None, *, labels: Labels | None = None) -> Axes:
    """Draw for each encounter with a critical risk where standing firm pays, from a yielding to a firm opponent.

    ``frame`` is that of the analysis `critical_risk`; returns the axes.
    """
    known = frame[frame["critical"].notna()]
    message = critical_risk_message(frame)
    rows = _risk_rows(known.head(SHOWN), labels)
    if len(known):
        rows += [Row("standing firm pays", swatch=DARK), Row("complying pays", swatch=PALE)]
    rest = _rest(frame, len(known))
    rows += [Row(rest)] if rest else []
    with style():
        ax = axes(ax, height(rows, message))
        paint(ax, rows, Scale(0.0, 1.0, "probability that the opponent stands firm", shares=True))
        return say(ax, message, f"One bar for each encounter. {message}. {_described(known, labels)}", inset=0.15)


def critical_risk_message(frame: pd.DataFrame) -> str:
    """Say in how many encounters the answer hangs on the opponent's firmness, and between which limits."""
    below = frame[frame["status"] == "pays below"]["critical"]
    turning = counted(int(frame["critical"].notna().sum()), "encounter")
    if below.empty:
        return f"In {turning} of {len(frame):,} standing firm pays up to a limit: nowhere is there a critical risk"
    limits = span(float(below.min()), float(below.max()))
    return f"In {turning} of {len(frame):,} the other side's firmness decides; the critical risk is {limits}"


def critical_risk_elasticities(frame: pd.DataFrame, ax: Axes | None = None, *, labels: Labels | None = None) -> Axes:
    """Draw how sensitive each critical risk is to each parameter, in per cent a per cent, the largest first.

    ``frame`` is that of the analysis `critical_risk_elasticities`; returns the axes.
    """
    ordered = frame.reindex(frame["elasticity"].abs().sort_values(ascending=False, kind="stable").index)
    moving = ordered[ordered["elasticity"].abs() > 0]
    message = _elasticity_message(moving, labels)
    rows = []
    for _, row in moving.head(SHOWN).iterrows():
        value = float(row["elasticity"])
        bar = Span(min(value, 0.0), max(value, 0.0), DARK if value > 0 else PALE)
        words = f"{labelled(str(row['parameter']), labels)}: {_encounter(row, labels)}"
        rows.append(Row(words, _signed(row), spans=(bar,), thick=0.6))
    if len(moving):
        rows += [Row("raises the critical risk", swatch=DARK), Row("lowers the critical risk", swatch=PALE)]
    ends = [0.0, *moving.head(SHOWN)["elasticity"].astype(float)]
    low, high = min(ends) * 1.02, max(ends) * 1.02
    axis = "elasticity: per cent of the critical risk for each per cent of the parameter, for small changes"
    scale = Scale(low, high if high > low else low + 1.0, axis)
    with style():
        ax = axes(ax, height(rows, message))
        paint(ax, rows, scale)
        told = within([f"{row.label}, {row.value}" for row in rows if row.spans])
        return say(ax, message, f"Bar chart of the largest elasticities. {message}. {told}.", inset=0.15)


def _elasticity_message(moving: pd.DataFrame, labels: Labels | None) -> str:
    """Say which parameter moves a critical risk most."""
    if moving.empty:
        return "No parameter moves a critical risk, or there is none to move"
    row = moving.iloc[0]
    name, player = labelled(str(row["parameter"]), labels), labelled(str(row["player"]), labels)
    value = float(row["elasticity"])
    verb = "raises" if value > 0 else "lowers"
    step = 1.0 if abs(value) < STEEP else 0.01
    size = number(float(f"{abs(value) * step:.3g}"))
    more = "one" if step == 1.0 else f"{step:g}"
    return f"Most sensitive: {more} per cent more of {name} {verb} a critical risk of {player} by about {size} per cent"


def _signed(row: pd.Series[Any]) -> str:
    """An elasticity with its sign."""
    return f"{float(row['elasticity']):+.3g}"


def _risk_rows(known: pd.DataFrame, labels: Labels | None) -> list[Row]:
    """One bar an encounter, under the name of the player whose risk it is."""
    rows = []
    for player, own in known.groupby("player", sort=False):
        for place, (_, row) in enumerate(own.iterrows()):
            limit = float(row["critical"])
            firm, comply = (DARK, PALE) if row["status"] == "pays below" else (PALE, DARK)
            bars = (Span(0.0, limit, firm), Span(limit, 1.0, comply))
            heading = "" if place else f"{labelled(str(player), labels)} stands firm or complies"
            rows.append(Row(_encounter(row, labels), percent(limit), heading, bars, thick=0.6))
    return rows


def _encounter(row: pd.Series[Any], labels: Labels | None) -> str:
    """One encounter in words."""
    names = ("firm", "comply", "opponent", "opponent_firm", "opponent_yields")
    firm, comply, opponent, stands, yields = (labelled(str(row[name]), labels) for name in names)
    return f"{firm} or {comply}, where {opponent} chooses {stands} (firm) or {yields}"


def _rest(frame: pd.DataFrame, known: int) -> str:
    """What happens in the encounters that are not drawn."""
    counts = frame[frame["critical"].isna()]["status"].value_counts()
    words = {
        "never firm": "complying pays whatever the other side does",
        "always firm": "standing firm pays whatever the other side does",
        "undefined": "no limit is defined",
    }
    parts = [f"in {int(counts[status])}, {text}" for status, text in words.items() if status in counts]
    more = [f"{known - SHOWN} more have a critical risk"] if known > SHOWN else []
    left = len(frame) - min(known, SHOWN)
    return f"Not drawn: {counted(left, 'other encounter')}; {'; '.join([*parts, *more])}." if left else ""


def _described(known: pd.DataFrame, labels: Labels | None) -> str:
    """The limits in words, for somebody who cannot see the picture."""
    parts = [f"{_encounter(row, labels)}: {row['status']} {percent(float(row['critical']))}"
             for _, row in known.head(SHOWN).iterrows()]  # fmt: skip
    return f"{within(parts)}{'.' if parts else ''}"
