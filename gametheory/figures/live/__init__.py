"""How does an answer look while it is explored: the static figures once more, to point at and to zoom into?

Every function has the name of the static one, takes its frame and ``labels``, and returns a figure of plotly, which
comes with the extra ``live``. Its title is the sentence that says what it shows; `message` and `alternative` return
that sentence and a description for those who cannot see it. ``figure.write_html(file, include_plotlyjs=True)`` makes a
page that needs no network.
"""

from __future__ import annotations

from gametheory.figures.live.choices import choice_curves, choices
from gametheory.figures.live.drivers import drivers
from gametheory.figures.live.rainbow import rainbow
from gametheory.figures.live.regions import regions
from gametheory.figures.live.response_curves import response_curves
from gametheory.figures.live.shares import outcomes
from gametheory.figures.live.sheet import alternative, message
from gametheory.figures.live.tipping import tip
from gametheory.figures.live.tornado import tornado

__all__ = [
    "alternative",
    "choice_curves",
    "choices",
    "drivers",
    "message",
    "outcomes",
    "rainbow",
    "regions",
    "response_curves",
    "tip",
    "tornado",
]
