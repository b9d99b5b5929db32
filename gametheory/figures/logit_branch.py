"""How does play change along the logit branch, from random play to where mistakes vanish?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gametheory.figures.choices import INKS, LINES
from gametheory.figures.style import axes, powers_axis, room, say, style, title_height, wrap
from gametheory.figures.words import Labels, counted, labelled, number, percent, profile, times, within

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from gametheory.solvers.logit_branch import LogitBranch
    from gametheory.solvers.trees.agents import AgentBranch

__all__ = ["agent_branch", "agent_branch_message", "logit_branch", "logit_branch_message"]

MOST = 6  # information sets that are drawn, those at which play moves most
NAMES = 0.36  # of the width: the names of the actions beside a panel
LOWEST, LINE = 1.15, 0.2  # inches: of a panel at least, of a line of text
BESIDE, BETWEEN, FOOT = 0.5, 0.36, 0.55  # inches: left of a panel, above it for its title, below the last one
MOVED = 0.005  # by so much a probability differs before the axis begins, and after it ends
AXIS = "precision, in 1 / unit of payoff: further right mistakes are rarer"

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Panel:
    """Who chooses, between which actions, and with which probabilities ``[point, action]``."""

    title: str
    actions: tuple[str, ...]
    shares: FloatArray

    @property
    def moved(self) -> float:
        """How far the probability of an action moves along the branch."""
        return float(np.ptp(self.shares, axis=0).max(initial=0.0))


def logit_branch(branch: LogitBranch, ax: Axes | None = None, *, labels: Labels | None = None) -> Axes:
    """Draw the probability of every action along the principal logit branch of a table, one panel a player.

    ``branch`` is what ``gt.finding("logit_branch")`` finds. Where the branch turns, a precision has several points on
    it, and the curve runs back. Returns the axes that hold the panels.
    """
    games = branch.games
    panels = [
        Panel(labelled(player, labels), tuple(labelled(action, labels) for action in own), shares)
        for player, own, shares in zip(games.players, games.actions, branch.strategies, strict=True)
    ]
    return _paint(branch.precision, panels, logit_branch_message(branch, labels), ax)


def agent_branch(branch: AgentBranch, ax: Axes | None = None, *, labels: Labels | None = None) -> Axes:
    """Draw the probability of every action along the agent logit branch of a tree, one panel an information set.

    ``branch`` is that of ``gt.agent_branch``. Of many information sets those at which play moves most are drawn, in the
    order of the tree. Returns the axes that hold the panels.
    """
    from gametheory.figures.tree import said

    tree = branch.games.tree
    panels = []
    for own, start, stop in zip(tree.sets, tree.first_move[:-1], tree.first_move[1:], strict=True):
        title = f"{labelled(branch.games.players[own.player], labels)}: {said(own.name, labels)}"
        actions = tuple(said(action, labels) for action in own.actions)
        panels.append(Panel(title, actions, branch.behaviour[:, int(start) : int(stop)]))
    return _paint(branch.precision, panels, agent_branch_message(branch, labels), ax)


def logit_branch_message(branch: LogitBranch, labels: Labels | None = None) -> str:
    """Say which equilibrium the branch tends to, and whether it turns on the way."""
    turned = f"; its precision turns {times(len(branch.turns))} on the way" if branch.folded else ""
    if not len(branch.limit):
        return f"From even odds, logit responses were followed up to precision {_last(branch.precision)}{turned}"
    where = profile(branch.limit.profile(0), labels)
    return f"As mistakes get rarer, logit responses lead from even odds to {where}{turned}"


def agent_branch_message(branch: AgentBranch, labels: Labels | None = None) -> str:
    """Say which sequential equilibrium the branch tends to."""
    if not len(branch.limit):
        return f"From even odds, logit responses in the tree were followed up to precision {_last(branch.precision)}"
    where = profile(branch.limit.profile(0), labels)
    return f"As mistakes get rarer, logit responses lead from even odds to a sequential equilibrium, {where}"


def _last(precision: FloatArray) -> str:
    """The precision of the last point."""
    return number(float(f"{float(precision[-1]):.3g}"))


def _ends(precision: FloatArray, panels: list[Panel]) -> tuple[float, float]:
    """The precisions between which play moves, or any two where it does not."""
    shares = np.concatenate([panel.shares for panel in panels], axis=1)
    positive = precision > 0
    begun = precision[positive & (np.abs(shares - shares[0]).max(axis=1) > MOVED)]
    open_ = precision[positive & (np.abs(shares - shares[-1]).max(axis=1) > MOVED)]
    low = float(begun.min()) if len(begun) else 1.0
    high = 2.0 * float(open_.max()) if len(open_) else float(precision.max())
    return low / 2.0, max(min(high, float(precision.max())), 2.0 * low)


def _paint(precision: FloatArray, panels: list[Panel], message: str, ax: Axes | None) -> Axes:
    """Draw the panels one below the other, the names of the actions beside each."""
    moving = sorted(range(len(panels)), key=lambda place: (-panels[place].moved, place))[:MOST]
    drawn = [panels[place] for place in sorted(moving)]
    rest = len(panels) - len(drawn)
    with style():
        width = room(ax)
        names = [[wrap(action, NAMES * width - 0.4) for action in panel.actions] for panel in drawn]
        heights = [max(LOWEST, LINE * sum(map(len, own))) for own in names]
        tall = sum(heights) + BETWEEN * len(drawn) + FOOT + LINE * bool(rest) + title_height(message)
        ax = axes(ax, tall)
        ax.set_axis_off()
        inside = tall - title_height(message)
        low, high = _ends(precision, panels)
        y = 0.0
        for panel, own, height in zip(drawn, names, heights, strict=True):
            y += BETWEEN + height
            box = (BESIDE / width, 1.0 - y / inside, 1.0 - NAMES - BESIDE / width, height / inside)
            last = panel is drawn[-1]
            _panel(ax.inset_axes(box), precision, panel, (low, high), last=last)
            _names(ax, own, (1.0 - NAMES + 0.02, 1.0 - (y - height) / inside), (width, inside))
        if rest:
            told = f"Not drawn: {counted(rest, 'information set')} at which play moves less."
            ax.text(0.0, LINE / 2 / inside, told, transform=ax.transAxes, va="center")
        return say(ax, message, _described(panels, message))


def _panel(ax: Axes, precision: FloatArray, panel: Panel, ends: tuple[float, float], *, last: bool) -> None:
    """Draw the curves of one chooser."""
    along = np.maximum(precision, ends[0])
    for place, shares in enumerate(panel.shares.T):
        ax.plot(along, shares, color=INKS[place % len(INKS)], linestyle=LINES[place % len(LINES)], linewidth=1.8)
    ax.set(xlim=ends, ylim=(-0.02, 1.02))
    powers_axis(ax, most=5)
    ax.set_yticks([0.0, 0.5, 1.0], ["0%", "50%", "100%"])
    ax.set_title(panel.title, fontsize="medium", loc="left", pad=4)
    if last:
        ax.set_xlabel(AXIS, loc="left")
    else:
        ax.tick_params(labelbottom=False)


def _names(ax: Axes, names: list[list[str]], corner: tuple[float, float], size: tuple[float, float]) -> None:
    """Write the names of the actions beside a panel, each with a sample of its curve; ``size`` is in inches."""
    x, y = corner
    width, height = size
    for place, lines in enumerate(names):
        middle = y - LINE / 2 / height
        sample: dict[str, Any] = {
            "color": INKS[place % len(INKS)],
            "linestyle": LINES[place % len(LINES)],
            "linewidth": 1.8,
        }
        ax.plot([x, x + 0.3 / width], [middle, middle], transform=ax.transAxes, clip_on=False, **sample)
        for line in lines:
            ax.text(x + 0.36 / width, y - LINE / 2 / height, line, transform=ax.transAxes, va="center")
            y -= LINE / height


def _described(panels: list[Panel], message: str) -> str:
    """Where each chooser starts and ends, for somebody who cannot see the picture."""
    parts = []
    for panel in panels:
        ends = [
            f"{action} from {percent(float(own[0]))} to {percent(float(round(own[-1], 6)))}"
            for action, own in zip(panel.actions, panel.shares.T, strict=True)
        ]
        parts.append(f"{panel.title}: {', '.join(ends)}")
    return f"Curves of probabilities over the precision, one panel a chooser. {message}. {within(parts, '. ')}."
