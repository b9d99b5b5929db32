"""Where along a parameter does the next level of involvement stop, or start, to pay?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gametheory.figures.rows import Row, Scale, Span, height, paint
from gametheory.figures.style import DARK, PALE, axes, say, style
from gametheory.figures.words import Labels, counted, labelled, number, owner, within

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["break_even", "break_even_message"]

EDGE = 1e-9  # of the range: so near to the present value, the step breaks even there
SHOWN = 10  # steps, those whose break-even lies nearest to the present value; the frame has them all
KEYS = ["player", "action", "next_action", "against"]
PAYS_BEFORE = ("pays below", "pays on both sides")  # statuses of a value below which the step pays
PAYS_AFTER = ("pays above", "pays on both sides")


def break_even(
    frame: pd.DataFrame, ax: Axes | None = None, *, log: bool | None = None, labels: Labels | None = None
) -> Axes:
    """Draw for each step between neighbouring actions the values of the parameter at which it pays.

    ``frame`` is that of the analysis `break_even`; ``log`` spaces the axis by powers, by default where the law of the
    parameter does. The present value is marked. Returns the axes.
    """
    known = frame[frame["value"].notna()]
    message = break_even_message(frame, labels)
    low, high, present = (float(frame.attrs[name]) for name in ("low", "high", "present"))
    powers = bool(frame.attrs.get("logarithmic", False)) if log is None else log
    name = labelled(str(frame.attrs["parameter"]), labels)
    scale = Scale(low, high, name, powers and low > 0, mark=present, mark_text=f"base case, {number(present)}")
    rows = _rows(known, low, high, labels)
    if rows:
        rows += [Row("the step pays", swatch=DARK), Row("the step does not pay", swatch=PALE)]
    steps = len(frame[KEYS].drop_duplicates())
    hidden = steps - min(len(known[KEYS].drop_duplicates()), SHOWN)
    rows += [Row(f"Not drawn: {counted(hidden, 'other step')}.")] if hidden else []
    with style():
        ax = axes(ax, height(rows, message))
        paint(ax, rows, scale)
        return say(ax, message, f"One strip for each step. {message}. {_described(known, labels)}", inset=0.15)


def break_even_message(frame: pd.DataFrame, labels: Labels | None = None) -> str:
    """Say which break-even value lies nearest to the present one."""
    known = frame[frame["value"].notna()]
    name = labelled(str(frame.attrs["parameter"]), labels)
    if known.empty:
        return f"No value of {name} in the range makes a step break even"
    row = known.iloc[int(known["increment"].abs().to_numpy().argmin())]
    if abs(float(row["increment"])) <= EDGE * (float(frame.attrs["high"]) - float(frame.attrs["low"])):
        present = number(float(row["value"]))
        return f"On an edge: {_step(row, labels)} breaks even at the present value of {name}, {present}"
    change = f"{'up' if row['increment'] > 0 else 'down'} by {number(abs(float(row['increment'])))}"
    return f"Nearest break-even: {_step(row, labels)}, with {name} {change}, at {number(float(row['value']))}"


def _step(row: pd.Series[Any], labels: Labels | None) -> str:
    """One step in words."""
    player, before, after = (labelled(str(row[name]), labels) for name in ("player", "action", "next_action"))
    others = ", ".join(labelled(one, labels) for one in str(row["against"]).split(", "))
    return f"{owner(player)} {before} \u2192 {after} against {others}"


def _rows(known: pd.DataFrame, low: float, high: float, labels: Labels | None) -> list[Row]:
    """One strip a step, those nearest to the present value first."""
    found: list[tuple[float, int, pd.DataFrame]] = []
    for _, own in known.groupby(KEYS, sort=False):
        ordered = own.sort_values("value", kind="stable")
        found.append((float(ordered["increment"].abs().min()), len(found), ordered))
    rows = []
    for _, _, own in sorted(found, key=lambda one: one[:2])[:SHOWN]:
        values = [float(value) for value in own["value"]]
        statuses = [str(status) for status in own["status"]]
        ends = [low, *values, high]
        pays = [statuses[0] in PAYS_BEFORE, *(status in PAYS_AFTER for status in statuses)]
        bars = tuple(
            Span(ends[k], ends[k + 1], DARK if there else PALE) for k, there in enumerate(pays) if ends[k + 1] > ends[k]
        )
        ticks = tuple((value, number(value)) for value in values)
        rows.append(Row(_step(own.iloc[0], labels), spans=bars, ticks=ticks, thick=0.7))
    return rows


def _described(known: pd.DataFrame, labels: Labels | None) -> str:
    """The nearest values in words, for somebody who cannot see the picture."""
    nearest = known.reindex(known["increment"].abs().sort_values(kind="stable").index).head(SHOWN)
    parts = [f"{_step(row, labels)} {row['status']} {number(float(row['value']))}" for _, row in nearest.iterrows()]
    return f"{within(parts)}{'.' if parts else ''}"
