"""Do the pictures of tornado, spider, indices by equilibrium, audit and forecast show what their frames say?"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.text import Text

from gametheory import figures
from gametheory.analyses.argument.audit import audit
from gametheory.analyses.choosing.forecast import forecast
from gametheory.analyses.influence.profile_indices import profile_indices
from gametheory.analyses.influence.spider import spider
from gametheory.analyses.influence.tornado import tornado
from gametheory.errors import InputError, UnknownNameError
from gametheory.figures.audit import audit as draw_audit
from gametheory.figures.forecast import forecast as draw_forecast
from gametheory.figures.profile_indices import profile_indices as draw_indices
from gametheory.figures.spider import spider as draw_spider
from gametheory.figures.tornado import tornado as draw_tornado
from gametheory.reader import load
from tests.test_drivers import chicken
from tests.test_figures import bars_of, drawn, figure_of, texts_of

LABELS = {"nato": "NATO", "russia": "Russia", "p": "danger", "t": "threshold"}
FAILING = "\n  nato: [[-4 * p + 0 * log(p - 0.15), 1], [-4 * t, 0]]\n  russia: [[-2 * p, -1], [1, 0]]"
FEW = "{kind: discrete, values: [0.2, 0.3, 0.6], probabilities: [0.5, 0.3, 0.2]}"


MAKE: dict[str, Callable[[], pd.DataFrame]] = {
    "tornado": lambda: tornado(load("reference_involvement"), order="all"),
    "tornado, several at the centre": lambda: tornado(chicken(values=(0.6, 0.25, 0.5))),
    "tornado, failed": lambda: tornado(chicken(payoffs=FAILING)),
    "tornado, nothing moves": lambda: tornado(load("reference_involvement"), of="measure nuclear_use"),
    "spider": lambda: spider(load("reference_involvement"), order="all"),
    "spider, few values": lambda: spider(chicken(p=FEW)),
    "spider, failed": lambda: spider(chicken(payoffs=FAILING), of="payoff nato"),
    "spider, nothing moves": lambda: spider(load("reference_involvement"), of="measure nuclear_use"),
    "indices": lambda: profile_indices(chicken(), samples=512),
    "indices, refused": lambda: profile_indices(chicken(), samples=32, replicates=2),
    "audit": lambda: audit(load("reference_involvement"), samples=256),
    "forecast": lambda: forecast(load("reference_involvement"), samples=500),
    "forecast, unseen": lambda: forecast(load("reference_involvement"), order="simultaneous", samples=500),
}


@cache
def frame_of(name: str) -> pd.DataFrame:
    """The frame that a picture is drawn from."""
    return MAKE[name]()


DRAW: dict[str, Callable[..., Axes]] = {
    "tornado": draw_tornado,
    "spider": draw_spider,
    "indices": draw_indices,
    "audit": draw_audit,
    "forecast": draw_forecast,
}


def picture(name: str, width: float = 6.6, **options: str) -> Axes:
    """One picture, drawn for a file."""
    draw, frame = DRAW[name.partition(",")[0]], frame_of(name)
    return drawn(lambda: draw(frame, labels=LABELS, **options), width)


def written(ax: Axes) -> list[str]:
    """All texts of a picture, those of its panels included."""
    texts: list[Any] = figure_of(ax).findobj(Text)
    return [text.get_text() for text in texts]


@pytest.mark.parametrize("name", MAKE)
def test_the_figures_are_whole_written_in_words_and_say_what_they_show(name: str) -> None:
    for width in (5.4, 6.6):
        ax = picture(name, width)
        page = figure_of(ax).bbox
        shown = [(text, box) for text, box in texts_of(ax) if not _is_tick(text, ax)]
        for text, box in shown:
            assert page.x0 - 1 <= box.x0, (name, text.get_text())
            assert box.x1 <= page.x1 + 1, (name, text.get_text())
            assert page.y0 - 1 <= box.y0, (name, text.get_text())
            assert box.y1 <= page.y1 + 1, (name, text.get_text())
            assert "_" not in text.get_text() or "$" in text.get_text(), name
        assert figures.message(ax) in figures.alternative(ax)
        assert "_" not in figures.alternative(ax)
        assert "nan" not in " ".join(written(ax))
        assert len(figures.message(ax).split()) > 4
        for (one, first), (two, second) in itertools.combinations(shown, 2):
            wide = min(first.x1, second.x1) - max(first.x0, second.x0)
            high = min(first.y1, second.y1) - max(first.y0, second.y0)
            assert min(wide, high) < 2.5, (name, one, two)


def _is_tick(text: Text, ax: Axes) -> bool:
    """Whether a text is a tick label that is not drawn: of an axis switched off, or beyond the ends of its axis."""
    for panel in (ax, *ax.child_axes):
        for axis, (low, high) in ((panel.xaxis, sorted(panel.get_xlim())), (panel.yaxis, sorted(panel.get_ylim()))):
            for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
                if text in (tick.label1, tick.label2):
                    return not (panel.axison and low <= tick.get_loc() <= high)
    return False


def test_bars_of_a_tornado_span_the_central_case_and_their_end() -> None:
    frame = frame_of("tornado")
    own = frame[frame["order"] == "simultaneous"].iloc[0]
    spans = {(round(bar.get_x(), 9), round(bar.get_x() + bar.get_width(), 9)) for bar in bars_of(picture("tornado"))}

    low = min(own["lower_at_high"], own["lower_at_central"])
    high = max(own["upper_at_high"], own["upper_at_central"])
    assert (round(low, 9), round(high, 9)) in spans


def test_a_bar_is_hatched_where_the_equilibria_change_and_says_so_in_words() -> None:
    ax = picture("tornado", order="nato")
    frame = frame_of("tornado")
    own = frame[frame["order"] == "nato"]
    moved = own[own["swing"] > 0]
    changed = [value for end in ("changes_low", "changes_high") for value in moved[end]].count("yes")

    assert sum(bar.get_hatch() == "//" for bar in bars_of(ax) if bar.get_width() > 0) == changed
    assert sum("other equilibria" in text for text in written(ax)) == changed
    assert "the equilibria change along 3 of 5 parameters" in figures.message(ax)


def test_what_is_not_solved_is_said_and_several_central_values_are_a_bar() -> None:
    assert "not solved" in written(picture("tornado, failed"))
    assert "Central case" in written(picture("tornado, several at the centre"))
    assert "moved by no parameter alone" in figures.message(picture("tornado, nothing moves"))


def test_no_line_of_a_spider_crosses_a_tipping_point() -> None:
    frame = frame_of("spider")
    own = frame[frame["order"] == "simultaneous"]
    tips = own.loc[own["place"] == "after a tip"].groupby("parameter")["share"].apply(list)
    assert sum(map(len, tips)) == sum(map(len, frame.attrs["tips"]["simultaneous"].values())) > 5

    panels: list[Any] = list(picture("spider").child_axes)
    assert len(panels) == 5
    for panel in panels:
        cuts = tips[panel.get_title(loc="left").lower().replace(" ", "_")]
        dotted = [float(np.ravel(line.get_xdata())[0]) for line in panel.lines if line.get_linestyle() == ":"]
        assert dotted == pytest.approx(cuts, abs=1e-6)
        for line in panel.lines:
            x = np.asarray(line.get_xdata(), dtype=float)
            if line.get_linestyle() in ("-", "--") and len(x) > 1:
                assert not any(x.min() < cut - 1e-7 and cut + 1e-7 < x.max() for cut in cuts)


def test_a_parameter_with_a_few_values_has_points_without_a_line() -> None:
    panels: list[Any] = list(picture("spider, few values").child_axes)
    (panel,) = [one for one in panels if one.get_title(loc="left") == "Danger"]

    assert {len(np.ravel(line.get_xdata())) for line in panel.lines if line.get_linestyle() in ("-", "--")} == {1}


def test_cells_have_their_number_or_say_that_too_little_was_seen() -> None:
    frame, texts = frame_of("indices"), written(picture("indices"))
    given = frame[frame["total"].notna()]

    for value in given["total"]:
        assert {f"{100 * min(value, 1.0):.0f}", f"~{100 * min(value, 1.0):.0f}"} & set(texts)
    bounded = frame[frame["total"].isna() & frame["total_high"].notna()]
    assert sum(text.startswith("< ") for text in texts) == len(bounded) > 0
    assert "seen" in " ".join(written(picture("indices, refused")))
    with pytest.raises(InputError, match="index: 'shapley'"):
        picture("indices", index="shapley")


def test_the_sentence_names_all_that_may_be_the_strongest() -> None:
    frame = frame_of("indices").copy()
    frame.loc[frame["parameter"] == "t", ["total_low", "total_high"]] = [0.0, 1.0]

    message = figures.message(drawn(lambda: draw_indices(frame, labels=LABELS)))

    assert "danger or threshold (up to" in message


def test_an_audit_says_what_decides_each_claim_and_what_overturns_it() -> None:
    frame, texts = frame_of("audit"), " ".join(" ".join(written(picture("audit"))).split())

    for row in frame.to_dict("records"):
        assert row["text"] in texts
    told = frame["decided_by"].map(len) > 0
    assert texts.count("Decided most by:") == int(told.sum())
    assert texts.count("What decides it cannot be told") == int((~told).sum())
    assert texts.count("nearest change to overturn it") == int((frame["nearest"] != "").sum())
    assert sum(bar.get_width() for bar in bars_of(picture("audit"))) == pytest.approx(len(frame))
    empty = drawn(lambda: draw_audit(frame.iloc[:0]))
    assert figures.message(empty) == "The model makes no claim"


def test_a_forecast_names_the_surest_and_the_least_sure_reply() -> None:
    frame = frame_of("forecast")
    best = frame.groupby("action", sort=False)["lower"].max()
    message = figures.message(picture("forecast"))

    assert f"most surely when it sees NATO play {str(best.idxmax()).replace('_', ' ')}" in message
    assert f"least surely when it sees NATO play {str(best.idxmin()).replace('_', ' ')}" in message
    assert "every belief about NATO equally likely" in figures.message(picture("forecast, unseen"))


@pytest.mark.parametrize("name", ["tornado", "spider", "indices"])
def test_an_order_that_was_not_asked_for_is_refused(name: str) -> None:
    with pytest.raises(UnknownNameError, match="'china'"):
        picture(name, order="china")
