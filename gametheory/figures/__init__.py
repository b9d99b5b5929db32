"""How does each answer look as a picture? One function an analysis: its frame in, axes out.

Every function takes ``ax`` to draw on and ``labels`` (a mapping from names of the model to words). Every picture has a
sentence that says what it shows, as its title, and a description for those who cannot see it: `message` and
`alternative` return them. ``with off_screen():`` draws for a file, without a window.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gametheory.figures.margins import margins
from gametheory.figures.orders import flips
from gametheory.figures.payoffs import payoff_table
from gametheory.figures.regions import region_map
from gametheory.figures.shares import claims, measure_ranges, outcomes
from gametheory.figures.style import off_screen, style, title_height
from gametheory.figures.tipping import tip

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "alternative",
    "claims",
    "flips",
    "margins",
    "measure_ranges",
    "message",
    "off_screen",
    "outcomes",
    "payoff_table",
    "region_map",
    "style",
    "tip",
    "title_height",
]


def message(ax: Axes) -> str:
    """Return the sentence that says what a picture of this module shows."""
    return " ".join(ax.get_title(loc="left").split())


def alternative(ax: Axes) -> str:
    """Return the description of a picture of this module for those who cannot see it."""
    return str(ax.get_label())
