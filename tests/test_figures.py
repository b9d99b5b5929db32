"""Does every figure show what its frame says, with nothing clipped, no overlap, and more than colour?

The frames are made up, in the shape of those that the analyses return.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from itertools import combinations
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text

from gametheory import figures
from gametheory.errors import InputError
from gametheory.figures.orders import swept
from gametheory.figures.rows import Row, Scale, Span, inside, paint
from gametheory.figures.style import fill, plain
from gametheory.figures.tipping import intervals

LABELS = {"nato": "NATO", "russia": "Russia"}
STATUS_QUO, RETREAT = "limited_aid, carry_on_with_rhetoric", "troops_in_the_rear_or_bridge, deescalate_and_negotiate"
SEVERAL = (
    f"{STATUS_QUO} | surge, strike_nato_assets | 0.3333 limited_aid + 0.6667 surge, 0.25 deescalate + 0.75 carry_on"
)
ACTIONS = [["limited_aid", "surge"], ["carry_on", "strike_nato_assets"]]
PAYOFFS = np.arange(8.0).reshape(2, 2, 2)
ORDERS = ("simultaneous", "nato", "russia")


def margins_frame() -> pd.DataFrame:
    mixed = "0.3 limited_aid + 0.7 surge, carry_on"
    rows = [
        (
            ORDERS[0],
            0,
            STATUS_QUO,
            "russia",
            "deviation",
            "carry_on_with_rhetoric -> hybrid_surge",
            "against aid",
            0.12,
            0.005,
        ),
        (ORDERS[0], 0, STATUS_QUO, "nato", "deviation", "limited_aid -> surge", "against carry_on", 0.03, 0.001),
        (ORDERS[0], 1, mixed, "nato", "mixing", "mixes limited_aid", "against carry_on", 0.3, 0.3),
        (ORDERS[1], 0, RETREAT, "russia", "off-path reply", "carry_on -> deescalate", "after surge", 0.14, 0.006),
    ]
    columns = ["order", "solution", "profile", "player", "kind", "deviation", "setting", "margin", "relative"]
    return pd.DataFrame(rows, columns=columns)


def flips_frame() -> pd.DataFrame:
    rows = [
        ("simultaneous", "nash", SEVERAL, 0.1, 0.3, 0.2, 0.2, False),
        ("nato", "nash", RETREAT, 0.7, 0.7, 0.1, 0.1, True),
        ("nato", "commitment", "0.8 surge + 0.2 troops_in_the_rear_or_bridge, deescalate", 0.73, 0.73, 0.1, 0.1, False),
        ("russia", "nash", "failed", None, None, None, None, False),
    ]
    payoffs = [f"payoff_{player}_{end}" for player in ("nato", "russia") for end in ("lower", "upper")]
    return pd.DataFrame(rows, columns=["order", "concept", "outcome", *payoffs, "ties"])


def swept_frame() -> pd.DataFrame:
    parts = [flips_frame().assign(escalation_risk=value) for value in (0.001, 0.02, 0.05)]
    parts[0]["outcome"] = RETREAT
    return pd.concat(parts, ignore_index=True)


def tip_frame() -> pd.DataFrame:
    several = tuple(SEVERAL.split(" | ")[:2])
    rows = [
        ("simultaneous", 0.0213, (STATUS_QUO,), several),
        ("simultaneous", 0.0619, several, (STATUS_QUO,)),
        ("nato", 0.0015, (STATUS_QUO,), (RETREAT,)),
        ("nato", 0.01230, (RETREAT,), ("bridge, carry_on",)),
        ("nato", 0.01231, ("bridge, carry_on",), (RETREAT,)),
        ("nato", 0.0423, (RETREAT,), ("surge, deescalate",)),
    ]
    frame = pd.DataFrame(rows, columns=["order", "value", "before", "after"])
    frame = frame.assign(parameter="escalation_risk", player="nato", binding="nato: surge -> limited_aid", exact=False)
    frame.attrs.update(parameter="escalation_risk", low=1e-4, high=0.1)
    return frame


def region_frame(resolution: int = 24) -> pd.DataFrame:
    x, y = np.geomspace(1e-4, 0.1, resolution), np.linspace(0.6, 2.5, resolution)
    upright = [(0, 0.01, level, "nato", "nato: surge -> limited_aid, against carry_on") for level in (0.6, 2.5)]
    flat = [(1, risk, 1.5, "russia", "russia: carry_on -> deescalate, against surge") for risk in (1e-4, 0.003, 0.1)]
    frame = pd.DataFrame([*upright, *flat], columns=["curve", "escalation_risk", "stake_russia", "player", "binding"])
    number = np.add.outer(2 * (y > 1.5), x > 0.01)
    frame.attrs["grid"] = {"x": x.tolist(), "y": y.tolist(), "region": number.tolist()}
    frame.attrs["outcomes"] = [STATUS_QUO, RETREAT, SEVERAL, "failed"]
    return frame


def outcomes_frame() -> pd.DataFrame:
    names = [
        STATUS_QUO,
        RETREAT,
        "surge, carry_on",
        "limited_aid+surge, deescalate+carry_on",
        "troops, deescalate",
        "concede, strike",
    ]
    rows = [
        (order, name, "+" not in name, 0.2 / (k + 1), 0.2 / (k + 1) + 0.05 * (order == "simultaneous"), 0.003, 0.003)
        for order in ORDERS
        for k, name in enumerate(names)
    ]
    return pd.DataFrame(rows, columns=["order", "profile", "pure", "lower", "upper", "lower_se", "upper_se"])


def measures_frame() -> pd.DataFrame:
    rows = [
        (order, name, low * (1 + k), high * (1 + k), abs(low) / 100, abs(high) / 100)
        for name, low, high in [
            ("nuclear_use", 0.0, 0.0004),
            ("payoff_of_everybody_together", -3.0, 2.0),
            ("loss", -3.0, -1.0),
        ]
        for k, order in enumerate(ORDERS)
    ]
    return pd.DataFrame(rows, columns=["order", "measure", "lower", "upper", "lower_se", "upper_se"])


def claims_frame() -> pd.DataFrame:
    retreat = "Once troops are there, Russia does best to step back"
    concede = "If Russia commits first and is seen to, NATO does best to concede"
    rows = [
        ("one", retreat, "E3", True, "nato", "all", 0.35, 0.02, 0.62, 0.01, 0.003, ""),
        ("two", concede, "", False, "russia", "none", 0.0, 0.0, 1.0, 0.0, 0.0, ""),
    ]
    columns = ["claim", "text", "essay", "contested", "order", "base", "all", "some", "none", "failed", "se", "verdict"]
    return pd.DataFrame(rows, columns=columns)


Draw = Callable[[], Axes]
DRAWN: dict[str, Draw] = {
    "margins": lambda: figures.margins(margins_frame(), labels=LABELS),
    "flips": lambda: figures.flips(flips_frame(), labels=LABELS),
    "flips, swept": lambda: figures.flips(swept_frame(), labels=LABELS),
    "tip": lambda: figures.tip(tip_frame(), value=0.02, log=True, labels=LABELS),
    "regions": lambda: figures.regions(region_frame(), point=(0.02, 1.2), labels=LABELS),
    "outcomes": lambda: figures.outcomes(outcomes_frame(), labels=LABELS),
    "measure_ranges": lambda: figures.measure_ranges(measures_frame(), labels=LABELS),
    "claims": lambda: figures.claims(claims_frame(), labels=LABELS),
    "payoff_table": lambda: figures.payoff_table(["nato", "russia"], ACTIONS, PAYOFFS, labels=LABELS),
}


def drawn(draw: Draw, width: float = 6.6) -> Axes:
    """The axes of a figure drawn for a file."""
    with figures.off_screen(width), figures.style():
        return draw()


def figure_of(ax: Axes) -> Figure:
    figure = ax.get_figure(root=True)
    assert figure is not None
    return figure


def bars_of(ax: Axes) -> list[Any]:
    """The rectangles of all bars."""
    return [bar for bars in ax.containers for bar in bars]


def texts_of(ax: Axes) -> list[tuple[Text, Any]]:
    """Every visible text of a rendered figure with its place in pixels; ticks beyond an axis are not drawn."""
    figure = figure_of(ax)
    with figures.style():
        figure.draw_without_rendering()
    axes: list[tuple[Any, float, float]] = [
        (ax.xaxis, *ax.get_xlim()),
        (ax.yaxis, min(ax.get_ylim()), max(ax.get_ylim())),
    ]
    unseen: set[int] = set()
    for axis, low, high in axes:
        drawn_ticks = [tick for tick in axis.get_major_ticks() if axis.get_visible() and low <= tick.get_loc() <= high]
        shown = {id(text) for tick in drawn_ticks for text in tick.findobj(Text)}
        labels = {id(text) for text in (axis.label, axis.get_offset_text()) if axis.get_visible()}
        unseen |= {id(text) for text in axis.findobj(Text)} - shown - labels
    texts: list[Any] = [text for text in figure.findobj(Text) if id(text) not in unseen]
    return [(text, text.get_window_extent()) for text in texts if text.get_visible() and text.get_text().strip()]


@pytest.mark.parametrize("width", [5.4, 6.6])
@pytest.mark.parametrize("name", DRAWN)
def test_no_text_is_clipped_by_the_edge_of_the_figure(name: str, width: float) -> None:
    ax = drawn(DRAWN[name], width)
    page = figure_of(ax).bbox

    for text, box in texts_of(ax):
        assert box.x0 >= page.x0 - 1, text.get_text()
        assert box.x1 <= page.x1 + 1, text.get_text()
        assert box.y0 >= page.y0 - 1, text.get_text()
        assert box.y1 <= page.y1 + 1, text.get_text()


@pytest.mark.parametrize("name", DRAWN)
def test_no_two_texts_overlap(name: str) -> None:
    ax = drawn(DRAWN[name], 5.4)
    places = [(text, box) for text, box in texts_of(ax) if text in ax.texts and text.get_text() != "base case"]

    for (one, first), (two, second) in combinations(places, 2):
        wide = min(first.x1, second.x1) - max(first.x0, second.x0)
        high = min(first.y1, second.y1) - max(first.y0, second.y0)
        assert min(wide, high) < 1.5, (one.get_text(), two.get_text())


@pytest.mark.parametrize("name", DRAWN)
def test_every_figure_says_what_it_shows_and_describes_itself(name: str) -> None:
    ax = drawn(DRAWN[name])

    assert len(figures.message(ax).split()) > 4
    assert figures.message(ax) in figures.alternative(ax)


@pytest.mark.parametrize("name", DRAWN)
def test_names_are_written_as_words(name: str) -> None:
    ax = drawn(DRAWN[name])

    written = [text.get_text() for text, _ in texts_of(ax) if "$" not in text.get_text()]
    assert not [text for text in written if "_" in text]
    assert "_" not in figures.alternative(ax)


@pytest.mark.parametrize("name", DRAWN)
def test_the_same_frame_gives_the_same_bytes(name: str) -> None:
    def svg() -> bytes:
        ax = drawn(DRAWN[name])
        buffer = io.BytesIO()
        with figures.style():
            figure_of(ax).savefig(buffer, format="svg", metadata={"Date": None})
        return buffer.getvalue()

    assert svg() == svg()


def test_a_figure_drawn_for_a_file_leaves_nothing_behind() -> None:
    from matplotlib import pyplot as plt

    before, rules = plt.get_fignums(), dict(mpl.rcParams)
    drawn(DRAWN["flips"])

    assert plt.get_fignums() == before
    assert dict(mpl.rcParams) == rules


def test_a_figure_of_a_notebook_is_one_that_pyplot_shows() -> None:
    from matplotlib import pyplot as plt

    figure = figure_of(figures.flips(flips_frame()))

    assert plt.fignum_exists(figure.number)
    plt.close(figure)


def test_a_figure_draws_on_the_axes_that_it_is_given() -> None:
    _, axes = Figure(figsize=(9, 6), layout="constrained").subplots(1, 2)

    assert figures.claims(claims_frame(), axes) is axes


def test_importing_figures_does_not_load_matplotlib() -> None:
    import subprocess

    command = "import sys, gametheory.figures; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", command], check=False).returncode == 0


def test_categories_differ_by_more_than_their_colour() -> None:
    many = [fill(place) for place in range(50)]

    assert len(set(many)) == len(many)
    assert len({own.hatch for own in many[:7]}) == 7
    assert all(plain(place).hatch for place in range(8, 16))


def test_text_keeps_its_contrast_on_every_colour() -> None:
    def brightness(colour: str) -> float:
        parts = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
        return float(np.dot([0.2126, 0.7152, 0.0722], parts))

    for place in range(8):
        assert (brightness(fill(place).colour) + 0.05) / (brightness("#222222") + 0.05) > 7


def test_bars_of_outcomes_end_at_their_lower_and_upper_share() -> None:
    frame = outcomes_frame()
    ax = drawn(DRAWN["outcomes"])

    ends = {round(float(bar.get_x() + bar.get_width()), 9) for bar in bars_of(ax)}
    for row in frame[frame["profile"].isin([STATUS_QUO, RETREAT])].itertuples():
        assert round(row.lower, 9) in ends
        assert round(row.upper, 9) in ends


def test_rare_outcomes_are_kept_together_within_bounds() -> None:
    texts = [text.get_text() for text in drawn(DRAWN["outcomes"]).texts]

    assert texts.count("2 other outcomes, together within") == 3
    assert "7.3% to 17.3%" in texts


def test_a_measure_is_always_drawn_with_both_ends() -> None:
    texts = [text.get_text() for text in drawn(DRAWN["measure_ranges"]).texts]

    assert "0 to 0.0004" in texts
    assert sum(" to " in text for text in texts) >= len(measures_frame())


def test_claims_fill_their_bar() -> None:
    ax = drawn(DRAWN["claims"])

    assert sum(bar.get_width() for bar in bars_of(ax)) == pytest.approx(len(claims_frame()))


def test_tipping_points_cut_the_strip_without_gaps() -> None:
    found = [one for one in intervals(tip_frame()) if one.order == "nato"]

    assert [one.low for one in found] == [1e-4, 0.0015, 0.0123, 0.01231, 0.0423]
    assert [one.high for one in found] == [0.0015, 0.0123, 0.01231, 0.0423, 0.1]
    assert [one.solutions for one in found][:2] == [(STATUS_QUO,), (RETREAT,)]


def test_two_tips_at_one_value_cut_once() -> None:
    frame = pd.concat([tip_frame().head(1)] * 2, ignore_index=True)

    assert [(one.low, one.high) for one in intervals(frame, low=0.0, high=1.0)] == [(0.0, 0.0213), (0.0213, 1.0)]


def test_an_order_that_never_tips_has_one_strip() -> None:
    frame = tip_frame().iloc[:0]
    frame.attrs = dict(tip_frame().attrs)

    (only,) = intervals(frame, present={"russia": (RETREAT,)})
    ax = drawn(lambda: figures.tip(frame, present={"russia": (RETREAT,)}, value=0.02))

    assert (only.low, only.high, only.solutions) == (1e-4, 0.1, (RETREAT,))
    assert figures.message(ax) == "No value of escalation risk was found in the range that changes the answer"


def test_equal_sets_of_solutions_have_equal_letters() -> None:
    letters = [text.get_text() for text in drawn(DRAWN["tip"]).texts if len(text.get_text()) == 1]

    assert letters == ["A", "B", "A", "A", "C", "C", "D"]


def test_the_map_is_coloured_by_outcome_and_marks_the_base_case() -> None:
    ax = drawn(DRAWN["regions"])
    legend = ax.get_legend()
    assert legend is not None

    texts = [text.get_text() for text in legend.get_texts()]
    assert len(texts) == 6
    assert "no answer: the game could not be solved" in " ".join(texts)
    assert [0.02, 1.2] in [np.ravel(line.get_xydata()).tolist() for line in ax.lines]
    assert ax.get_xscale() == "log"
    assert ax.get_yscale() == "linear"
    assert "in the base case it is troops in the rear or bridge / deescalate and negotiate" in figures.message(ax)


def test_boundaries_are_numbered_curves_with_the_deviation_that_binds() -> None:
    ax = drawn(DRAWN["regions"])
    legend = ax.get_legend()
    assert legend is not None

    curves = [np.asarray(line.get_xydata()).tolist() for line in ax.lines]
    assert [[0.01, 0.6], [0.01, 2.5]] in curves
    assert [[1e-4, 1.5], [0.003, 1.5], [0.1, 1.5]] in curves
    texts = [" ".join(text.get_text().split()) for text in legend.get_texts()]
    numbers = {text.partition(":")[0]: text.partition(": ")[2] for text in texts[4:]}
    assert set(numbers) == {"1", "2"}
    places = {text.get_text(): text.get_position() for text in ax.texts}
    for number, words in numbers.items():
        x, y = places[number]
        assert y == 1.5 if words.startswith("Russia: carry on") else x == pytest.approx(0.01)


def test_a_map_of_one_answer_says_so() -> None:
    frame = region_frame().iloc[:0]
    frame.attrs["outcomes"], frame.attrs["grid"]["region"] = [RETREAT], np.zeros((24, 24), dtype=int).tolist()

    assert figures.message(drawn(lambda: figures.regions(frame))).startswith("One answer everywhere")


def test_many_small_regions_share_one_entry() -> None:
    frame = region_frame(16).iloc[:0]
    frame.attrs["outcomes"] = [f"a{k}, b" for k in range(16)]
    frame.attrs["grid"]["region"] = np.repeat(np.arange(16), 16).reshape(16, 16).tolist()
    legend = drawn(lambda: figures.regions(frame)).get_legend()
    assert legend is not None

    assert len(legend.get_texts()) == 12
    assert "5 smaller regions of other answers" in legend.get_texts()[-1].get_text()


def test_a_frame_without_its_grid_is_not_drawn() -> None:
    frame = region_frame()
    frame.attrs.clear()

    with pytest.raises(InputError, match="without the grid"):
        figures.regions(frame)


def test_flips_tell_the_orders_of_play_apart_in_words() -> None:
    texts = " ".join(text.get_text() for text in drawn(DRAWN["flips"]).texts)

    assert swept(swept_frame()) == "escalation_risk"
    assert "NATO 0.100 to 0.300, Russia 0.200" in texts
    assert "no answer: the game could not be solved" in texts
    assert "nan" not in texts
    assert figures.message(drawn(DRAWN["flips"])) == "Same payoffs, 3 orders of play, 3 different outcomes"


def test_equal_outcomes_are_said_to_be_equal() -> None:
    frame = flips_frame().assign(outcome=RETREAT)

    assert "the same under all 3 orders" in figures.message(drawn(lambda: figures.flips(frame, labels=LABELS)))


def test_the_nearest_deviation_is_named_first() -> None:
    ax = drawn(DRAWN["margins"])
    ties = margins_frame().assign(relative=0.0, margin=0.0)

    assert "NATO's limited aid → surge against carry on, which would lose 0.03" in figures.message(ax)
    assert figures.message(drawn(lambda: figures.margins(ties))).startswith("A tie")
    assert "No solution" in figures.message(drawn(lambda: figures.margins(margins_frame().iloc[:0])))


def test_empty_frames_say_that_nothing_was_found() -> None:
    assert "No outcome" in figures.message(drawn(lambda: figures.outcomes(outcomes_frame().iloc[:0])))
    assert "no claim" in figures.message(drawn(lambda: figures.claims(claims_frame().iloc[:0])))


def test_text_that_does_not_fit_its_bar_is_left_out() -> None:
    assert inside("a very long name", 0.3, 1.3) == ""
    assert inside("two words", 0.75, 2.5) == "two\nwords"


def test_the_marked_value_never_covers_a_letter() -> None:
    _, ax = Figure(), Figure(figsize=(6, 2)).subplots()
    with figures.style():
        paint(
            ax,
            [Row("", spans=(Span(0.0, 1.0, plain(0), "A"),), thick=1.3)],
            Scale(0.0, 1.0, mark=0.45, mark_text="now"),
        )

    (letter,) = [text for text in ax.texts if text.get_text() == "A"]
    assert letter.get_position()[0] == pytest.approx(0.725)


def test_a_payoff_table_of_three_players_cannot_be_drawn() -> None:
    with pytest.raises(InputError, match="two players"):
        figures.payoff_table(["a", "b", "c"], [["x"]] * 3, np.zeros((3, 1, 1, 1)))
