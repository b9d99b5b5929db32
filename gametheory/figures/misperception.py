"""How often is play what the players expected, and who comes off worse, where they are wrong about each other?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gametheory.errors import InputError
from gametheory.figures.by_order import by_order
from gametheory.figures.rows import LINE, Row, Scale, height, paint
from gametheory.figures.style import INK, Fill, axes, room, say, some_rows, style, title_height, wrap
from gametheory.figures.words import Labels, joined, labelled, order_name, percent, sentence_case, span

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["misperception", "misperception_message"]

NOBODY = "nobody is wrong"
WHY = "No uncertain number enters the payoffs of one player alone, so that another could be wrong about it."
TEXT = {
    "nobody is wrong": "Nobody is wrong about the payoffs",
    "others low": "Each sees the other's own numbers at the low end of their laws",
    "others high": "Each sees the other's own numbers at the high end of their laws",
    "close estimates": "Each has close estimates of the other's own numbers",
    "rough estimates": "Each has rough estimates of the other's own numbers",
}
# Okabe and Ito (2008), each colour with a hatch of its own; dotted is what holds in some of what may be played.
FILLS = (Fill("#0072B2"), Fill("#E69F00", "//"), Fill("#CC79A7", "\\\\"), Fill("#009E73", "||"), Fill("#999999", "xx"))
PERHAPS = Fill("#FFFFFF", "....")
HEAD, TEXT_LINE, BAR, GAP = 1.25, 0.95, 0.5, 0.5  # heights in lines
USED = 0.9  # of the width of a column
FOOT = 0.95  # inches for the axis


def misperception(frame: pd.DataFrame, ax: Axes | None = None, *, labels: Labels | None = None) -> Axes:
    """Draw how often play is as all expected and each player worse off: a column an order, a group a perception.

    ``frame`` is that of the analysis `misperception`; returns the axes. A bar reaches to the share of draws in which it
    is so in all that may be played; the dotted part goes on to the share in which it is so in some of it.
    """
    if "" not in set(some_rows(frame, "misperception")["player"]):
        raise InputError("frame: without the rows of all players together, whose player is empty; give the whole frame")
    if (frame["perception"] == NOBODY).all():
        return _nobody(frame, ax, labels)
    players = [str(name) for name in dict.fromkeys(frame["player"]) if name][: len(FILLS) - 1]
    orders = [str(order) for order in dict.fromkeys(frame["order"])]
    known = [str(name) for name in dict.fromkeys(frame["perception"])]
    words = [f"{labelled(name, labels)} gets less than it expected" for name in players]
    legend = [
        *zip(["play is what all players expected", *words], FILLS, strict=False),
        ("in some of what may be played, but not in all of it", PERHAPS),
    ]
    group = HEAD + len(legend[:-1]) * (TEXT_LINE + BAR) + GAP
    heads = [
        wrap(sentence_case(order_name(order, labels)), room(ax) / len(orders) - 0.1, bold=True) for order in orders
    ]
    top = len(legend) + 0.4 + max(map(len, heads)) - 1.0
    lines = top + HEAD + len(known) * group
    message = misperception_message(frame, labels)
    with style():
        ax = axes(ax, LINE * lines + title_height(message) + FOOT)
        ax.set(xlim=(0.0, len(orders)), ylim=(lines, 0.0))
        for place, (text, fill) in enumerate(legend):
            _bar(ax, 0.0, 0.03 * len(orders), place + 0.15, 0.65, fill)
            ax.text(0.04 * len(orders), place + 0.5, text, va="center")
        for column, head in enumerate(heads):
            ax.text(column, top + 0.9, "\n".join(head), weight="bold", va="bottom")
        for place, name in enumerate(known):
            start = top + HEAD + place * group
            ax.text(0.0, start + 0.45, TEXT[name], va="center")
            for column, order in enumerate(orders):
                own = frame[(frame["order"] == order) & (frame["perception"] == name)]
                _cell(ax, _shares(own, players), column, start + HEAD - 0.25)
        _axis(ax, frame, len(orders))
        return say(ax, message, _described(frame, players, labels))


def _nobody(frame: pd.DataFrame, ax: Axes | None, labels: Labels | None) -> Axes:
    """Say in words why there are no bars, where nobody can be wrong."""
    message = misperception_message(frame, labels)
    rows = [Row(WHY)]
    with style():
        ax = axes(ax, height(rows, message) - 0.8 * FOOT)
        paint(ax, rows, Scale(0.0, 1.0))
        return say(ax, message, f"No bars. {message}. {WHY}")


def misperception_message(frame: pd.DataFrame, labels: Labels | None = None) -> str:
    """Say between which shares play is as expected where the players are wrong, and where nobody is."""
    wrong = frame[frame["perception"] != NOBODY]
    if wrong.empty:
        return "Nobody can be wrong about another's payoffs in this model"
    said = {}
    for order, own in wrong[wrong["player"] == ""].groupby("order", sort=False):
        right = _shares(frame[(frame["order"] == order) & (frame["perception"] == NOBODY)], [])
        share = span(float(own["as_expected_lower"].min()), float(own["as_expected_upper"].max()))
        said[str(order)] = f"{share} of the draws ({span(*right[0])} if nobody is wrong)"
    head = "How often play is as all expected if players are wrong about each other in these ways"
    return f"{head}: {by_order(said, labels)}"


def _shares(own: pd.DataFrame, players: list[str]) -> list[tuple[float, float]]:
    """The lower and upper share in which play is as all expected, and in which each player gets less."""
    rows = own.set_index("player")
    names = [("", "as_expected"), *((player, "worse") for player in players)]
    return [(float(rows[f"{name}_lower"][player]), float(rows[f"{name}_upper"][player])) for player, name in names]


def _cell(ax: Axes, shares: list[tuple[float, float]], column: int, top: float) -> None:
    """The bars of one order and perception, each below its share."""
    for place, (lower, upper) in enumerate(shares):
        y = top + place * (TEXT_LINE + BAR)
        ax.text(column, y + TEXT_LINE / 2, _brief(lower, upper), va="center")
        _bar(ax, column, USED, y + TEXT_LINE, BAR, Fill("#FFFFFF"))
        _bar(ax, column, USED * lower, y + TEXT_LINE, BAR, FILLS[place])
        _bar(ax, column + USED * lower, USED * (upper - lower), y + TEXT_LINE, BAR, PERHAPS)


def _brief(lower: float, upper: float) -> str:
    """Both shares, in as few signs as the width of a column asks for.

    >>> _brief(0.93, 1.0), _brief(0.25, 0.25), _brief(0.0001, 0.12)
    ('93.0 to 100%', '25.0%', '<0.1 to 12.0%')
    """
    low, high = (percent(share).replace("less than ", "<").replace("more than ", ">") for share in (lower, upper))
    return low if low == high else f"{low.removesuffix('%')} to {high}"


def _bar(ax: Axes, left: float, length: float, top: float, thick: float, fill: Fill) -> None:
    """One bar, none where it has no length."""
    if length > 0.0:
        style: dict[str, Any] = {"color": fill.colour, "hatch": fill.hatch, "edgecolor": INK, "linewidth": 0.7}
        ax.barh(top + thick / 2, length, left=left, height=thick, **style)


def _axis(ax: Axes, frame: pd.DataFrame, columns: int) -> None:
    """One scale from 0 to 100 % a column, and how sure the shares are."""
    ends = [(column + USED * share, f"{share:.0%}") for column in range(columns) for share in (0.0, 0.5, 1.0)]
    ax.set_xticks([place for place, _ in ends], [text for _, text in ends])
    for place, label in enumerate(ax.get_xticklabels()):
        label.set_horizontalalignment(("left", "center", "right")[place % 3])
    errors = frame[[name for name in frame.columns if str(name).endswith("_se")]].to_numpy()
    said = f"standard errors of the shares at most {percent(float(errors.max()))}"
    failed = float(frame["failed"].max())
    said += f"; not solved: up to {percent(failed)}" if failed > 0.0 else ""
    ax.set_xlabel(f"share of the draws from the parameters' laws\n{said}")
    ax.yaxis.set_visible(False)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)


def _described(frame: pd.DataFrame, players: list[str], labels: Labels | None) -> str:
    """Describe the figure to somebody who cannot see it."""
    words = ["as expected", *(f"{labelled(name, labels)} worse off" for name in players)]
    parts = []
    for (order, name), own in frame.groupby(["order", "perception"], sort=False):
        shares = [f"{word} {span(*ends)}" for word, ends in zip(words, _shares(own, players), strict=True)]
        parts.append(f"{order_name(str(order), labels)}, {TEXT[str(name)].lower()}: {joined(shares)}")
    return f"Groups of bars, one group a perception. {misperception_message(frame, labels)}. {'; '.join(parts)}."
