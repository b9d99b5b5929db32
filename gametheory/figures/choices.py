"""Which action is ahead under which criterion, and how much does each one risk to regret?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from gametheory.figures.by_order import by_order
from gametheory.figures.rows import LABEL_BOX, LINE, Row, Scale, Span, height, paint
from gametheory.figures.style import (
    Fill,
    axes,
    letter,
    plain,
    powers_axis,
    room,
    say,
    some_rows,
    style,
    text_width,
    wrap,
)
from gametheory.figures.words import (
    Labels,
    counted,
    joined,
    labelled,
    number,
    order_name,
    sentence_case,
    span,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = [
    "AGAINST",
    "INKS",
    "NO_RIGHT_ONE",
    "SHARES",
    "TEXT",
    "choice_curves",
    "choice_curves_described",
    "choice_curves_message",
    "choices",
    "choices_alternative",
    "choices_message",
    "lead_words",
    "leaders",
]

SHARES = ("satisficing", "domain")
TEXT = {
    "expected": "mean payoff",
    "worst_case": "worst case drawn",
    "tail_mean": "mean of the worst tenth",
    "regret_mean": "mean regret",
    "regret_90": "regret exceeded in one draw in ten",
    "regret_max": "largest regret drawn",
    "satisficing": "payoff reaches the threshold",
    "domain": "no other action pays more",
}
NO_RIGHT_ONE = "No criterion is the right one. Each field holds under the model, its laws and its order of play."
AGAINST = {"replies": "the others know the action", "equilibrium": "the others play an equilibrium of the whole game"}
LINES = ("-", "--", "-.", ":", (0, (6, 1, 1, 1, 1, 1)), (0, (9, 3)), (0, (3, 1)), (0, (1, 3)))
# Okabe and Ito (2008), dark enough for a line on white.
INKS = ("#0072B2", "#B35900", "#007A59", "#A0457A", "#222222", "#2B7BA8", "#8A7600", "#666666")
CURVES_HEIGHT = 3.9  # inches
BLANK = Fill("#FFFFFF")
ROUNDING = 1e-12  # of the largest value by a criterion
NORMAL_95 = 1.96  # the normal distribution's 97.5 % point
LEVEL = "no action alone"  # in a sentence: no action is ahead of all others
BY = "by: its lead on the next action, in units of the payoff, or of the share of draws in percentage points"
WHITE = "white, level: no lead beyond the error of the draws"
CUT = "a field cut in two: left by the lowest payoffs that the others' play leaves each action, right by the highest"
WIDEST, ASIDE = 1.6, 0.5  # inches: of the names on curves, else letters stand for them; of what stands left of them


def choices(frame: pd.DataFrame, ax: Axes | None = None, *, labels: Labels | None = None) -> Axes:
    """Draw which action is ahead under each criterion and by how much: a row a criterion, a column an order of play.

    ``frame`` is that of the analysis `choices`; returns the axes. Where the lower and the upper values put different
    actions ahead, the field is cut: lower values left, upper values right.
    """
    rows = _choice_rows(some_rows(frame, "choices"), labels)
    message = choices_message(frame, labels)
    with style():
        ax = axes(ax, height(rows, message))
        paint(ax, rows, Scale(0.0, 1.0))
        return say(ax, message, choices_alternative(frame, labels))


def _choice_rows(frame: pd.DataFrame, labels: Labels | None) -> list[Row]:
    """The head of the table, one row a criterion, and what none of them can say."""
    orders = [str(order) for order in dict.fromkeys(frame["order"])]
    fills = {str(action): place for place, action in enumerate(dict.fromkeys(frame["action"]))}
    cells = dict(list(frame.groupby(["criterion", "order"], sort=False)))
    rows = [
        Row(
            spans=tuple(_head(frame, order, place, len(orders), labels) for place, order in enumerate(orders)),
            thick=0.0,
        )
    ]
    for criterion in dict.fromkeys(frame["criterion"]):
        spans = [
            _cell(cells[criterion, order], place, len(orders), fills, labels) for place, order in enumerate(orders)
        ]
        text = TEXT[str(criterion)] + _threshold(frame) * (criterion == "satisficing")
        rows.append(Row(text, spans=tuple(span for own in spans for span in own), thick=0.0))
    return [*rows, Row(_reading(rows[1:], len(orders))), Row(NO_RIGHT_ONE)]


def _threshold(frame: pd.DataFrame) -> str:
    """The payoff that counts as enough, one for each order of play where they differ."""
    known = [number(float(f"{float(own):.3g}")) for own in dict(frame.attrs.get("thresholds", {})).values()]
    values = "; ".join(known if len(set(known)) > 1 else known[:1])
    return f" ({values})" if values else ""


def _reading(rows: Sequence[Row], columns: int) -> str:
    """How the fields are read, as far as such fields are there."""
    spans = [piece for row in rows for piece in row.spans]
    texts = [BY] * any(piece.fill != BLANK for piece in spans) + [WHITE] * any(piece.fill == BLANK for piece in spans)
    texts += [CUT] * any(len(row.spans) > columns for row in rows)
    return f"{sentence_case('; '.join(texts))}." if texts else ""


def choices_alternative(frame: pd.DataFrame, labels: Labels | None = None) -> str:
    """Describe the figure to somebody who cannot see it."""
    parts = [
        f"{row.label}: {joined([piece.text for piece in row.spans])}"
        for row in _choice_rows(frame, labels)
        if row.label and row.spans
    ]
    columns = joined([order_name(str(order), labels) for order in dict.fromkeys(frame["order"])])
    return f"A table of {columns}. {choices_message(frame, labels)}. {'; '.join(parts)}."


def choices_message(frame: pd.DataFrame, labels: Labels | None = None) -> str:
    """Say by how many criteria each action is ahead, order by order: so many fields bear its name and a lead."""
    said = {}
    for order, own in frame.groupby("order", sort=False):
        counts: dict[str, int] = {}
        for _, rows in own.groupby("criterion", sort=False):
            ends = [found for found in (leaders(rows, "lower"), leaders(rows, "upper")) if len(found) == 1]
            for action in dict.fromkeys(found[0] for found in ends) or [LEVEL]:
                counts[action] = counts.get(action, 0) + 1
        ranked = sorted(counts.items(), key=lambda item: (item[0] == LEVEL, -item[1]))
        said[str(order)] = joined([f"{labelled(action, labels)} {count}" for action, count in ranked])
    criteria = counted(frame["criterion"].nunique(), "criterion", "criteria")
    return f"Ahead by how many of {criteria}: {by_order(said, labels)}" if said else "No action was compared"


def choice_curves(
    frame: pd.DataFrame, ax: Axes | None = None, *, order: str | None = None, labels: Labels | None = None
) -> Axes:
    """Draw the share of the draws in which each action keeps its regret, or reaches a payoff, over the limits.

    ``frame`` is that of the analysis `choice_curves`; ``order`` chooses one of its orders, by default the first.
    Returns the axes. Every curve bears the name of its action; where the share depends on what the others do, the band
    spans it and the line is its lower edge.
    """
    chosen = str(some_rows(frame, "choice_curves")["order"].iloc[0]) if order is None else order
    own = frame[frame["order"] == chosen]
    regret = bool((own["of"] == "regret").all())
    message = choice_curves_message(own, labels)
    names, key = _short(list(dict.fromkeys(own["action"].astype(str))), room(ax), labels)
    with style():
        ax = axes(ax, CURVES_HEIGHT + LINE * len(key))
        curves = {str(action): rows.sort_values("limit") for action, rows in own.groupby("action", sort=False)}
        limits = next(iter(curves.values()))["limit"].to_numpy()
        low, high = float(limits.min()), float(limits.max())
        for place, rows in enumerate(curves.values()):
            colour, line = INKS[place % len(INKS)], LINES[place % len(LINES)]
            mark = "" if low < high else "o"  # all draws alike: a point is no line
            ax.plot(rows["limit"], rows["lower"], color=colour, linestyle=line, linewidth=1.8, marker=mark)
            ax.fill_between(rows["limit"], rows["lower"], rows["upper"], color=colour, alpha=0.18, linewidth=0.0)
        ax.set(xlim=(low, high) if low < high else _around(low, logarithmic=regret), ylim=(0.0, 1.02))
        if regret:
            powers_axis(ax)
        ax.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f}%")
        what = "regret of at most" if regret else "payoff of at least"
        ax.set_xlabel("\n".join([f"{what} \u2026 (units of the payoff)", *key]), loc="left" if key else "center")
        ax.set_ylabel("share of the draws")
        named = {names[name]: rows for name, rows in curves.items()}
        if low < high:
            _write_names(ax, named, logarithmic=regret)
        else:
            _name_points(ax, named)
        return say(
            ax, message, f"One curve for each action. {message}. {choice_curves_described(curves, labels)}", inset=0.75
        )


def _short(actions: list[str], width: float, labels: Labels | None) -> tuple[dict[str, str], list[str]]:
    """What stands on the curve of each action: its name, or a letter where one is too long, with the key to those."""
    names = {action: labelled(action, labels) for action in actions}
    if max(map(text_width, names.values())) <= WIDEST:
        return names, []
    key = [
        line for place, name in enumerate(names.values()) for line in wrap(f"{letter(place)}: {name}", width - ASIDE)
    ]
    return {action: letter(place) for place, action in enumerate(actions)}, key


def choice_curves_message(frame: pd.DataFrame, labels: Labels | None = None) -> str:
    """Say which action keeps its regret, or reaches its payoff, most often at the middle limit."""
    limits = np.sort(frame["limit"].unique())
    at = float(limits[len(limits) // 2])
    here = frame[frame["limit"].to_numpy() == at]
    row = here.iloc[int(here["lower"].to_numpy().argmax())]
    first = here[(here["lower"] == row["lower"]) & (here["upper"] == row["upper"])]["action"].astype(str)
    who = joined([labelled(action, labels) for action in dict.fromkeys(first)])
    what = "regret stays within" if str(row["of"]) == "regret" else "the payoff reaches"
    name = sentence_case(order_name(str(row["order"]), labels))
    share = span(float(row["lower"]), float(row["upper"]))
    return f"{name}: {what} {number(float(f'{at:.2g}'))} most often for {who}, in {share} of the draws"


def _around(value: float, *, logarithmic: bool) -> tuple[float, float]:
    """An axis around the one limit that there is."""
    return (value / 2.0, value * 2.0) if logarithmic else (value - 0.5, value + 0.5)


def _head(frame: pd.DataFrame, order: str, place: int, count: int, labels: Labels | None) -> Span:
    """The head of a column: the order of play, and what the others do."""
    against = AGAINST[str(frame[frame["order"] == order]["against"].iloc[0])]
    text = f"{sentence_case(order_name(order, labels))}: {against}"
    return Span(place / count, (place + 1) / count, BLANK, text)


def _cell(part: pd.DataFrame, place: int, count: int, fills: dict[str, int], labels: Labels | None) -> Iterator[Span]:
    """The actions ahead under one criterion and order, with their lead."""
    criterion = str(part["criterion"].iloc[0])
    lower, upper = (leaders(part, end) for end in ("lower", "upper"))
    same = lower == upper
    ends = [(lower, ["lower", "upper"])] if same else [(lower, ["lower"]), (upper, ["upper"])]
    for side, (actions, used) in enumerate(ends):
        start, width = (place + side / len(ends)) / count, 1.0 / count / len(ends)
        if len(actions) != 1:
            text = f"level: {joined([labelled(action, labels) for action in actions])}" if actions else "none"
            yield Span(start, start + width, BLANK, text)
            continue
        own = part[part["action"] == actions[0]]
        leads = sorted(float(own[f"gap_{end}"].iloc[0]) for end in used)
        text = f"{labelled(actions[0], labels)}, {lead_words(leads, criterion)}"
        yield Span(start, start + width, plain(fills[actions[0]]), text)


def lead_words(leads: list[float], criterion: str) -> str:
    """How far an action is ahead, in words: in units of the payoff or, of shares, in percentage points.

    >>> lead_words([0.123, 0.456], "expected"), lead_words([0.07, 0.07], "domain"), lead_words([0.0], "expected")
    ('by 0.12 to 0.46', 'by 7 points', 'level')
    """
    if not max(leads) > 0.0:
        return "level"
    if not math.isfinite(max(leads)):
        return "alone"
    shares = criterion in SHARES
    first, last = (number(float(f"{100 * lead if shares else lead:.2g}")) for lead in (leads[0], leads[-1]))
    unit = (" point" if first == last == "1" else " points") if shares else ""
    return f"by {first if first == last else f'{first} to {last}'}{unit}"


def leaders(part: pd.DataFrame, end: str) -> list[str]:
    """The actions that no other one is ahead of at one end, by more than the error of the draws and than rounding."""
    error = (NORMAL_95 * part[f"gap_{end}_se"]).fillna(0.0)
    least = np.maximum(error, ROUNDING * part[end].abs().max())
    return [str(action) for action in part["action"][~(part[f"gap_{end}"] < -least)]]


def _write_names(ax: Axes, curves: dict[str, pd.DataFrame], *, logarithmic: bool) -> None:
    """Write each name on its curve, where that is farthest from the other curves and from the names before."""
    names = list(curves)
    limits = curves[names[0]]["limit"].to_numpy()
    place = np.log(limits) if logarithmic else limits
    x = (place - place[0]) / (place[-1] - place[0] or 1.0)
    heights = np.stack([curves[name]["lower"].to_numpy() for name in names])
    wide = max(room(ax) - ASIDE, 1.0)
    taken: list[tuple[float, float]] = []
    for own, name in enumerate(names):
        half = max(0.12, text_width(name) / 2 / wide)
        inside = np.flatnonzero((x > half) & (x < 1.0 - half))
        under = np.abs(x[None, :] - x[inside, None]) < 0.07  # what a name written here would cover
        others = np.delete(heights, own, axis=0)
        away = np.abs(others[:, None, :] - heights[own, inside][None, :, None])
        free = np.where(under, away, np.inf).min(axis=(0, 2), initial=1.0)
        for across, up in taken:
            near = np.abs(x[inside] - across) < 0.24
            free = np.where(near, np.minimum(free, np.abs(heights[own, inside] - up) - 0.08), free)
        edge = np.minimum(heights[own, inside], 1.0 - heights[own, inside])
        best = inside[int(np.argmax(free + np.minimum(edge, 0.05)))]
        taken.append((float(x[best]), float(heights[own, best])))
        look: dict[str, Any] = {"ha": "center", "va": "center", "bbox": LABEL_BOX, "zorder": 5}
        ax.text(float(limits[best]), float(heights[own, best]), name, color=INKS[own % len(INKS)], **look)


def _name_points(ax: Axes, curves: dict[str, pd.DataFrame]) -> None:
    """Write the names beside points at the one limit that there is, those at one height together."""
    heights: dict[float, list[str]] = {}
    for name, rows in curves.items():
        heights.setdefault(round(float(rows["lower"].iloc[0]), 2), []).append(name)
    for level, names in heights.items():
        at = (float(rows["limit"].iloc[0]), min(level, 0.95))
        ax.annotate(joined(names), at, xytext=(8, 0), textcoords="offset points", va="center")


def choice_curves_described(curves: dict[str, pd.DataFrame], labels: Labels | None) -> str:
    """The curves at three limits, for somebody who cannot see the picture."""
    parts = []
    for name, rows in curves.items():
        chosen = rows.iloc[[len(rows) // 4, len(rows) // 2, 3 * len(rows) // 4]]
        said = [
            f"{span(float(r['lower']), float(r['upper']))} at {number(float(r['limit']))}" for _, r in chosen.iterrows()
        ]
        parts.append(f"{labelled(name, labels)} {joined(said)}")
    return f"{'; '.join(parts)}."
