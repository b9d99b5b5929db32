"""Do the figures of scenario discovery and dependence show what their frames say, with nothing clipped or overlaid?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from gametheory import figures
from gametheory.analyses.influence.regional import regional, regional_curves
from gametheory.analyses.influence.set_dependence import set_dependence
from gametheory.analyses.scenarios.discovery import discovery, discovery_trade_off
from gametheory.analyses.scenarios.discovery_region import discovery_region
from gametheory.analyses.scenarios.discovery_tree import discovery_tree
from gametheory.designs import scheme
from gametheory.figures.style import off_screen, style
from gametheory.reader import load
from gametheory.study import Answered, answered
from tests.test_figures import bars_of, figure_of, texts_of

LABELS = {"nato": "NATO", "russia": "Russia", "stake_russia": "Russia's stake"}
MODEL = "reference_involvement"
DRAWN: Mapping[str, Callable[..., Axes]] = {
    "discovery": figures.discovery,
    "discovery_trade_off": figures.discovery_trade_off,
    "regional": figures.regional,
    "regional_curves": figures.regional_curves,
    "set_dependence": figures.set_dependence,
    "discovery_tree": figures.discovery_tree,
    "discovery_region": figures.discovery_region,
}


@cache
def answers() -> Answered:
    model = load(MODEL)
    return answered(model, scheme("random", model, 2_000, 0))


@cache
def frame(name: str) -> pd.DataFrame:
    model, own = load(MODEL), {"answers": answers()}
    return {
        "discovery": lambda: discovery(model, of="claim troops_force_retreat", when="all", **own),
        "discovery_trade_off": lambda: discovery_trade_off(model, of="troops, deescalate", order="nato", **own),
        "regional": lambda: regional(model, order="nato", **own),
        "regional_curves": lambda: regional_curves(model, of="measure nuclear_use >= 0.5", order="russia", **own),
        "set_dependence": lambda: set_dependence(model, permutations=19, **own),
        "discovery_tree": lambda: discovery_tree(model, **own),
        "discovery_region": lambda: discovery_region(model, of="surge, carry_on", **own),
    }[name]()


def drawn(name: str, width: float = 6.6) -> Axes:
    with off_screen(width), style():
        return DRAWN[name](frame(name), labels=LABELS)


@pytest.mark.parametrize("width", [5.4, 6.6])
@pytest.mark.parametrize("name", DRAWN)
def test_no_text_is_clipped_and_none_covers_another(name: str, width: float) -> None:
    ax = drawn(name, width)
    page = figure_of(ax).bbox
    places = texts_of(ax)

    for text, box in places:
        assert box.x0 >= page.x0 - 1, text.get_text()
        assert box.x1 <= page.x1 + 1, text.get_text()
        assert box.y0 >= page.y0 - 1, text.get_text()
        assert box.y1 <= page.y1 + 1, text.get_text()
    for (one, first), (other, second) in combinations(((text, box) for text, box in places if text in ax.texts), 2):
        wide = min(first.x1, second.x1) - max(first.x0, second.x0)
        high = min(first.y1, second.y1) - max(first.y0, second.y0)
        assert min(wide, high) < 1.5, (one.get_text(), other.get_text())


@pytest.mark.parametrize("name", DRAWN)
def test_every_figure_says_what_it_shows_in_words(name: str) -> None:
    ax = drawn(name)

    assert len(figures.message(ax).split()) > 4
    assert figures.message(ax) in figures.alternative(ax)
    written = [text.get_text() for text in ax.texts] + [figures.message(ax)]
    assert not [text for text in written if "_" in text]


def test_bars_of_a_box_end_at_its_coverage_and_density() -> None:
    own = frame("discovery")
    ax = drawn("discovery")

    ends = sorted(round(patch.get_width(), 9) for patch in bars_of(ax))
    expected = {
        round(float(value), 9) for name in ("coverage", "density") for value in own.groupby("box")[name].first()
    }
    assert expected <= set(ends)
    assert f"{own['box'].nunique()} boxes" in figures.message(ax) or "One box" in figures.message(ax)


def test_the_chosen_box_is_marked_where_it_lies() -> None:
    own = frame("discovery_trade_off")
    ax = drawn("discovery_trade_off")

    (star,) = [line for line in ax.lines if line.get_marker() == "*"]
    chosen = own[own["kind"] == "chosen"].iloc[0]
    np.testing.assert_allclose(star.get_xydata(), [[chosen["coverage"], chosen["density"]]])
    marks = [len(line.get_xydata()) for line in ax.lines if line.get_marker() not in ("*", "None", None)]
    assert sum(marks) == (own["kind"] == "peeled").sum()


def test_both_distribution_functions_are_drawn_apart_by_more_than_colour() -> None:
    own = frame("regional_curves")
    ax = drawn("regional_curves")

    first, second = ax.lines[:2]
    assert first.get_linestyle() != second.get_linestyle()
    parameter = own["parameter"].iloc[0]
    np.testing.assert_allclose(first.get_ydata(), own.loc[own["parameter"] == parameter, "inside"])
    assert ax.get_xscale() == ("log" if parameter in ("escalation_risk", "disaster_loss_nato") else "linear")


def test_a_frame_without_boxes_says_why() -> None:
    model = load(MODEL)
    asked = {"of": "concede, nuclear_use", "order": "nato", "answers": answers()}

    for analysis, draw in ((discovery, figures.discovery), (discovery_trade_off, figures.discovery_trade_off)):
        with off_screen():
            ax = draw(analysis(model, **asked))
        assert figures.message(ax).startswith("No box: it happens in 0 of 2,000 decided draws")
