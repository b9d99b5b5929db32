"""Is every public figure whole, readable, described, and the same on every run, on frames that are hard to draw?"""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from gametheory import figures
from gametheory.analyses.influence.dependence_indices import UNTOLD
from gametheory.errors import GameTheoryError, InputError, UnknownNameError
from gametheory.figures.style import power_ticks
from gametheory.figures.words import percent, profile
from gametheory.reader import load
from gametheory.solvers import finding, solve
from tests.figure_boxes import clipped_texts, covering_texts, figure_of, smallest_size, visible_texts
from tests.figure_frames import (
    FIGURES,
    FRAMES,
    OPTIONS,
    OTHERS,
    agents,
    draw,
    frame,
    logit,
    long_labels,
    shear,
    signals,
)

PAGE = 5.4  # inches: pictures of the page, which a phone shows at seven tenths of their size
READABLE = 9.9  # points
QUICK = {"choice_curves", "forecast_payoffs", "measure_shifts", "misperception_outcomes", "roots", "tip", "tree"}
WHOLE = {"drivers", "misperception", "spider"}  # refuse a part of their frame as they would none of it


def some(names: Iterable[str]) -> list[Any]:
    """All names, those not in the quick part marked as slow."""
    return [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in names]


def drawn(draw: Callable[[], Axes], width: float = PAGE) -> Axes:
    """The axes of a figure drawn for a file."""
    with figures.off_screen(width), figures.style():
        return draw()


def saved(ax: Axes, kind: str) -> bytes:
    buffer = io.BytesIO()
    with figures.style():
        figure_of(ax).savefig(buffer, format=kind, metadata={"Date": None} if kind == "svg" else None)
    return buffer.getvalue()


def test_every_public_figure_is_drawn_here() -> None:
    assert {*FRAMES, *OTHERS} == set(FIGURES)


@pytest.mark.parametrize("name", some(FIGURES))
def test_every_figure_is_whole_readable_and_described_in_words(name: str) -> None:
    ax = drawn(lambda: draw(name, {"nato": "NATO"}))
    message, alternative = figures.message(ax), figures.alternative(ax)

    assert not clipped_texts(ax)
    assert not covering_texts(ax)
    assert smallest_size(ax) > READABLE
    assert not [text.get_text() for text, _ in visible_texts(ax) if "_" in text.get_text()]
    assert len(message.split()) > 4
    assert message in alternative
    assert "nan" not in f"{message} {alternative}".split()


@pytest.mark.parametrize("name", some(FIGURES))
def test_long_names_are_neither_clipped_nor_written_over_each_other(name: str) -> None:
    ax = drawn(lambda: draw(name, long_labels()))

    assert not clipped_texts(ax)
    assert not covering_texts(ax)


@pytest.mark.parametrize("name", some(FRAMES))
def test_one_row_is_drawn_and_no_row_is_said_or_refused(name: str) -> None:
    refused = []
    for rows in (frame(name).head(1), frame(name).head(0)):
        rows.attrs = dict(frame(name).attrs)
        try:
            ax = drawn(partial(getattr(figures, name), rows, **OPTIONS.get(name, {})))
        except GameTheoryError:
            refused.append(len(rows))
            continue
        assert len(figures.message(ax).split()) > 2
        assert not clipped_texts(ax)
    assert not refused or max(refused) == 0 or name in WHOLE


@pytest.mark.parametrize("name", some(FIGURES))
def test_pictures_are_valid_and_the_same_on_every_run(name: str) -> None:
    first, second = (drawn(lambda: draw(name)) for _ in range(2))

    svg = saved(first, "svg")
    assert ET.fromstring(svg).tag.endswith("svg")  # noqa: S314  # our own
    assert svg == saved(second, "svg")
    png = saved(first, "png")
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert png == saved(second, "png")
    assert np.ptp(np.frombuffer(png, dtype=np.uint8)) > 0


def test_fair_shares_are_as_long_as_the_frame_says_and_hatched_where_chance_explains_them() -> None:
    own = frame("dependence_indices").copy()
    own["verdict"] = [UNTOLD, *own["verdict"].iloc[1:]]
    ax = drawn(lambda: figures.dependence_indices(own))

    bars = [bar for bars in ax.containers for bar in bars]
    shown = own.groupby(["order", "over", "kernel"], sort=False).head(6)
    ranked = [part.sort_values("shapley", ascending=False) for _, part in shown.groupby(["order", "over", "kernel"])]
    assert sorted(bar.get_width() for bar in bars) == pytest.approx(
        sorted(max(value, 0.0) for part in ranked for value in part["shapley"] if value > 0)
    )
    assert bars[0].get_hatch()


def test_shifts_of_both_values_that_agree_are_one_group() -> None:
    own = frame("measure_shifts")
    ax = drawn(lambda: figures.measure_shifts(own))
    largest = own.iloc[int(own["median"].to_numpy().argmax())]

    headings = [text.get_text() for text in ax.texts if text.get_fontweight() == "bold"]
    assert len(headings) == len(set(headings))
    assert f"by {largest['median']:.2f} of at most 1" in figures.message(ax)


def test_a_misperceived_game_is_told_by_its_shares() -> None:
    own = frame("misperception_outcomes")
    first = own[(own["order"] == own["order"].iloc[0]) & (own["perception"] == "nobody is wrong")]
    best = first.sort_values(["upper", "lower"], ascending=False).iloc[0]
    ax = drawn(lambda: figures.misperception_outcomes(own))

    assert profile(str(best["profile"])) in figures.message(ax)
    assert f"{best['upper']:.1%}" in figures.message(ax)
    with pytest.raises(UnknownNameError, match="nothing is played in order 'ukraine'"):
        figures.misperception_outcomes(own, order="ukraine")


def test_forecast_payoffs_reach_from_nothing_to_their_mean() -> None:
    own = frame("forecast_payoffs")
    ax = drawn(lambda: figures.forecast_payoffs(own))

    ends = {
        round(float(end), 9)
        for bars in ax.containers
        for bar in bars
        for end in (bar.get_x(), bar.get_x() + bar.get_width())
    }
    assert {round(float(value), 9) for value in own["lower"]} <= ends
    best = own.sort_values("lower").iloc[-1]
    assert str(best["action"]).replace("_", " ") in figures.message(ax)
    assert f"most on average: {best['lower']:.3g}" in figures.message(ax)


def test_a_branch_is_drawn_as_it_was_followed_and_tells_its_limit() -> None:
    ax = drawn(lambda: figures.logit_branch(logit()))
    panels = ax.child_axes

    assert len(panels) == 2
    for panel, shares in zip(panels, logit().strategies, strict=True):
        heights = [np.asarray(line.get_ydata()) for line in panel.lines]
        assert np.allclose(heights, shares.T)
    assert profile(logit().limit.profile(0)) in figures.message(ax)
    assert len(drawn(lambda: figures.agent_branch(agents())).child_axes) == 6


def test_a_branch_that_does_not_move_is_drawn() -> None:
    ax = drawn(lambda: figures.logit_branch(finding("logit_branch")(shear())))

    assert "lead from even odds to" in figures.message(ax)
    assert not clipped_texts(ax)


def test_roots_lie_where_the_curve_of_the_excess_is_zero() -> None:
    own = signals().of(20)
    ax = drawn(lambda: figures.excess(signals(), game=20))
    curve = max(ax.lines, key=lambda line: len(line.get_xydata()))
    x, y = np.asarray(curve.get_xdata()), np.asarray(curve.get_ydata())

    assert np.allclose(np.interp(own.values[:, 0], x, y), 0.0, atol=1e-9)
    assert len(own) == 3
    assert "which is proved" in figures.message(ax)
    assert int((np.diff(np.sign(y[np.abs(y) > 1e-12])) != 0).sum()) == 3


def test_the_number_of_roots_is_told_along_the_parameter() -> None:
    ax = drawn(lambda: figures.roots(signals(), over="receiver_fights"))

    assert "there are 1, then 3, then 1 solutions" in figures.message(ax)
    points = [len(np.asarray(line.get_xdata())) for line in ax.lines if line.get_color() == "#0072B2"]
    assert sum(points) == len(signals())


def test_what_cannot_be_drawn_is_refused_by_name() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'receiver_fights'"):
        figures.roots(signals(), over="reciever_fights")
    with pytest.raises(InputError, match="is the same in all games"):
        figures.roots(signals(), over="back_down")
    closed = solve(load("power_risk").systems())
    with pytest.raises(InputError, match="expected one equation in one unknown"):
        figures.excess(closed)


def test_a_tree_too_wide_for_the_page_becomes_an_outline_with_beliefs() -> None:
    ax = drawn(lambda: draw("tree"))
    texts = [text.get_text() for text in ax.texts]

    assert "Challenger: after fight, belief 50%" in [text[0].upper() + text[1:] for text in texts]
    assert sum(", belief" in text for text in texts) == 8
    assert smallest_size(ax) > READABLE


def test_only_what_would_not_be_carried_out_is_crossed() -> None:
    trees = load("asymmetric_escalation").trees()
    plans = solve(trees, order="simultaneous")
    resting = next(k for k in range(len(plans)) if plans.threats[k])
    threat = plans.threats[resting][0]
    action = plans.tree.sets[threat.information_set].actions[threat.action]

    texts = [text.get_text() for text in drawn(lambda: figures.tree(trees, plans, solution=resting)).texts]
    credible = solve(trees, order="sequential")
    calm = [text.get_text() for text in drawn(lambda: figures.tree(trees, credible)).texts]

    assert [text for text in texts if text.startswith(f"✗ {action}")]
    assert not [text for text in calm if "✗" in text]


def test_a_bar_that_ends_with_the_axis_keeps_its_border() -> None:
    ax = drawn(lambda: draw("choices"))

    assert not [bar for bars in ax.containers for bar in bars if bar.get_clip_on()]


def test_values_by_powers_are_written_out() -> None:
    ax = drawn(lambda: draw("tip"))
    figure_of(ax).draw_without_rendering()

    written = [label.get_text() for label in ax.get_xticklabels()]
    assert written == ["0.0001", "0.001", "0.01", "0.1"]
    assert power_ticks(2.0, 30.0, 6) == [3.0, 10.0, 30.0]


def test_solutions_of_one_kind_are_numbered_in_words() -> None:
    assert profile("mostly_heeded 2") == "mostly heeded 2"
    assert profile("0.25 give_way + 0.75 fight") == "0.25 give way + 0.75 fight"


def test_numbers_beside_bars_are_those_of_the_frame() -> None:
    own = frame("set_dependence")
    texts = [text.get_text() for text in drawn(lambda: draw("set_dependence")).texts]

    strongest = own.sort_values("share", ascending=False).iloc[0]
    assert f"{percent(strongest['share'])} (by chance {percent(max(strongest['noise'], 0.0))})" in texts
    assert any(text.startswith("by chance: what remains") for text in texts)
    assert isinstance(own, pd.DataFrame)
