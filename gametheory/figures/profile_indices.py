"""Which parameters decide, equilibrium by equilibrium, whether it is there?"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from gametheory.errors import InputError, UnknownNameError
from gametheory.figures.style import (
    INK,
    SIZE,
    axes,
    letter,
    room,
    say,
    some_rows,
    style,
    text_width,
    title_height,
    wrap,
)
from gametheory.figures.words import EQUILIBRIUM, Labels, counted, joined, labelled, order_phrase, percent, profile

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["profile_indices", "profile_indices_message"]

PROFILES, PARAMETERS = 8, 12  # drawn at most: the most frequent, and those with the largest index in one of them
CELL, LINE, GAP = 0.36, 0.2, 0.14  # inches: height of a cell, of a line of text, of what parts two blocks
NARROWEST = 0.5  # inches of a column: what the longest text in a cell takes
DEEPEST = 0.62  # of the colour scale, so that dark text keeps its contrast
KINDS = ("total", "first")


def profile_indices(
    frame: pd.DataFrame,
    ax: Axes | None = None,
    *,
    index: str = "total",
    order: str | None = None,
    labels: Labels | None = None,
) -> Axes:
    """Draw a table of parameters by equilibria, with the index in each cell in per cent, the darker the larger.

    ``frame`` is that of the analysis `profile_indices`; ``index`` is ``total`` or ``first``, and ``order`` one of its
    orders of play, by default the first. A cell whose index was refused says what is still known: that the total index
    is below a bound, or only how many exchanges changed the equilibrium. Where the sample does not suffice, the number
    has a tilde. Returns the axes.
    """
    own = _chosen(frame, index, order)
    profiles, names = _shown(own, index, room(ax), labels)
    message = profile_indices_message(own, index, labels)
    legend = _legend(own, profiles, names, index, labels)
    tall = CELL * (len(names) + 1) + 2 * GAP + LINE * len(legend) + title_height(message) + 0.3
    with style():
        ax = axes(ax, tall)
        ax.set_axis_off()
        width = room(ax)
        ax.set(xlim=(0.0, width + 0.02), ylim=(CELL * (len(names) + 1) + 2 * GAP + LINE * len(legend), 0.0))
        _table(ax, own, profiles, names, index, width, labels)
        for line, text in enumerate(legend):
            ax.text(0.0, CELL * (len(names) + 1) + 2 * GAP + LINE * line, text, va="center", color=INK, fontsize=SIZE)
        return say(ax, message, _described(own, profiles, names, index, message, labels))


def profile_indices_message(own: pd.DataFrame, index: str, labels: Labels | None = None) -> str:
    """Say which parameter matters most for the most frequent equilibria."""
    if not own[index].notna().any():
        return "No equilibrium appears or vanishes often enough for an index to be told"
    parts = []
    for name in list(dict.fromkeys(own.loc[own[index].notna(), "profile"]))[:2]:
        told = _leaders(own[own["profile"] == name], index, labels)
        parts.append(f"for {profile(str(name), labels)}, {told}")
    how = "alone or with others" if index == "total" else "taken alone"
    order = str(own["order"].iloc[0])
    where = "" if order == EQUILIBRIUM else f" {order_phrase(order, labels)}"
    return f"What decides most, {how}, whether it is an equilibrium{where}: {'; '.join(parts)}"


def _leaders(rows: pd.DataFrame, index: str, labels: Labels | None) -> str:
    """The parameters of which each may be the strongest, as far as the sample tells, with their range."""
    known = rows[rows[index].notna()].sort_values(index, ascending=False, kind="stable")
    first = known[known[f"{index}_high"] >= known[f"{index}_low"].iloc[0]]
    names = [labelled(str(name), labels) for name in first["parameter"]]
    named = [*names[:3], f"{len(names) - 3} more"] if len(names) > 3 else names
    shares = percent(_within(float(known[index].iloc[0])))
    return f"{joined(named, 'or')} ({'up to ' * (len(names) > 1)}{shares})"


def _chosen(frame: pd.DataFrame, index: str, order: str | None) -> pd.DataFrame:
    """The rows of one order of play."""
    if index not in KINDS:
        raise InputError(f"index: {index!r}, expected one of {', '.join(KINDS)}")
    known = list(dict.fromkeys(some_rows(frame, "profile_indices")["order"]))
    if order is not None and order not in known:
        raise UnknownNameError(f"no indices in order {order!r}; expected one of {', '.join(known)}")
    return frame[frame["order"] == (order or known[0])]


def _shown(own: pd.DataFrame, index: str, width: float, labels: Labels | None) -> tuple[list[str], list[str]]:
    """The most frequent equilibria that have an index, and the parameters that matter most for one of them."""
    known = own[own[index].notna()]
    words = _words(list(dict.fromkeys(map(str, own["parameter"]))), width, labels)
    count = min(max(int((width - words) / NARROWEST), 1), PROFILES)
    profiles = list(dict.fromkeys(map(str, known["profile"] if len(known) else own["profile"])))[:count]
    here = own[own["profile"].isin(profiles)]
    most = here.groupby("parameter", sort=False)[index].max().sort_values(ascending=False, kind="stable")
    return profiles, [str(name) for name in most.index[:PARAMETERS]]


def _words(names: Sequence[str], width: float, labels: Labels | None) -> float:
    """Inches that the names of the parameters take."""
    return min(max(text_width(labelled(name, labels)) for name in names) + 0.15, 0.45 * width)


def _table(
    ax: Axes, own: pd.DataFrame, profiles: Sequence[str], names: Sequence[str], index: str, width: float,
    labels: Labels | None,
) -> None:  # fmt: skip
    """Draw the cells, with letters above and the names of the parameters beside them."""
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.patches import Rectangle

    shades = LinearSegmentedColormap.from_list("index", ["#FFFFFF", "#0072B2"])
    words = _words(names, width, labels)
    step = (width - words) / len(profiles)
    for across, _ in enumerate(profiles):
        ax.text(words + (across + 0.5) * step, CELL / 2, letter(across), ha="center", va="center", weight="bold")
    cells = {(str(row["profile"]), str(row["parameter"])): row for _, row in own.iterrows()}
    for down, name in enumerate(names, start=1):
        lines = wrap(labelled(name, labels), words - 0.1)[:2]
        ax.text(0.0, (down + 0.5) * CELL, "\n".join(lines), va="center", fontsize=SIZE, linespacing=1.0)
        for across, one in enumerate(profiles):
            text, value = _cell(cells[one, name], index, step)
            box = Rectangle((words + across * step, down * CELL), step, CELL, edgecolor=INK, linewidth=0.5)
            box.set(facecolor="#F2F2F2" if value is None else shades(DEEPEST * value), hatch=None)
            ax.add_patch(box)
            at = words + (across + 0.5) * step, (down + 0.5) * CELL
            ax.text(*at, text, ha="center", va="center", fontsize=SIZE)


def _cell(row: pd.Series[Any], index: str, step: float) -> tuple[str, float | None]:
    """What a cell says, and the index itself where it is given."""
    value = float(row[index])
    if not math.isnan(value):
        doubt = "~" if str(row["verdict"]).startswith("not sufficient") else ""
        return f"{doubt}{100 * _within(value):.0f}", _within(value)
    bound = float(row["total_high"])
    if not math.isnan(bound):
        return f"< {max(math.ceil(100 * min(bound, 1.0)), 1)}", None
    flips = int(row["flips"])
    words = f"{flips} seen"
    return (words if text_width(words) < step - 0.05 else "few"), None


def _within(value: float) -> float:
    """An index inside its range; an estimate may lie a little outside."""
    return min(max(value, 0.0), 1.0)


def _legend(
    own: pd.DataFrame, profiles: Sequence[str], names: Sequence[str], index: str, labels: Labels | None
) -> list[str]:
    """The lines below the table: which equilibrium a letter is, what a cell says, and what is not drawn."""
    frequent = own.drop_duplicates("profile").set_index("profile")["share"]
    parts = [
        f"{letter(place)}: {profile(name, labels)}, an equilibrium in {percent(float(frequent[name]))} of the draws"
        for place, name in enumerate(profiles)
    ]
    first = "that knowing the parameter alone would remove"
    alone = first if index == "first" else "that would remain if all other parameters were known"
    here = own[own["profile"].isin(profiles) & own["parameter"].isin(names)]
    told = [f"In the cells: the share in per cent of the variance of whether it is an equilibrium {alone}."]
    if here["verdict"].str.startswith("not sufficient").any():
        told.append("~: the sample does not suffice for two digits.")
    refused = here.loc[here[index].isna(), "total_high"]
    if len(refused):
        bound = "; its total index is below the number after < (95% confidence)" * bool(refused.notna().any())
        seen = "; seen: so many did, too few even for a bound" * bool(refused.isna().any())
        told.append(f"Grey: fewer than 30 exchanges of the parameter change it, so no index is given{bound}{seen}.")
    rest = own["profile"].nunique() - len(profiles), own["parameter"].nunique() - len(names)
    rarer, others = counted(rest[0], "rarer equilibrium", "rarer equilibria"), counted(rest[1], "other parameter")
    hidden = [rarer] * bool(rest[0]) + [others] * bool(rest[1])
    if hidden:
        told.append(f"Not drawn: {joined(hidden)}.")
    return [line for text in [*parts, " ".join(told)] for line in wrap(text, room(None))]


def _described(
    own: pd.DataFrame, profiles: Sequence[str], names: Sequence[str], index: str, message: str, labels: Labels | None
) -> str:
    """The cells in words, for somebody who cannot see the picture."""
    parts = []
    for name in profiles:
        rows = own[(own["profile"] == name) & own["parameter"].isin(names)]
        known = rows[rows[index].notna()].sort_values(index, ascending=False, kind="stable")
        listed = [f"{labelled(str(row['parameter']), labels)} {percent(_within(float(row[index])))}"
                  for _, row in known.iterrows()]  # fmt: skip
        parts.append(f"{profile(name, labels)}: {', '.join(listed) or 'too rare for an index'}")
    return f"A table of parameters by equilibria. {message}. {'; '.join(parts)}."
