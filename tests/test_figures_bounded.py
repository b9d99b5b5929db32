"""Do figures stay short, lettered and true where there are many solutions, narrow stretches or long names?"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from gametheory import figures
from gametheory.analyses import tip
from gametheory.figures.orders import bounded, flips_message
from gametheory.figures.tipping import intervals, strips, tip_message
from gametheory.figures.words import MOST, number
from gametheory.reader import load
from tests.figure_boxes import clipped_texts, covering_texts
from tests.figure_frames import draw, frame, model

MANY = tuple(f"hold_{k}, wait, *, climb_down + escalate" for k in range(12))
REACH = {"parameter": "risk", "low": 0.0, "high": 1.0}


def drawn(draw: Callable[[], Axes], width: float = 5.4) -> Axes:
    """The axes of a figure drawn for a file."""
    with figures.off_screen(width), figures.style():
        return draw()


def texts(ax: Axes) -> list[str]:
    """All that is written on the axes."""
    return [text.get_text() for text in ax.texts]


def tips(cuts: Sequence[float], sets: Sequence[tuple[str, ...]], order: str = "simultaneous") -> pd.DataFrame:
    """A frame of `tip` with one set of solutions before, between and after the cuts."""
    rows = [("risk", order, cut, sets[k], sets[k + 1], False) for k, cut in enumerate(cuts)]
    found = pd.DataFrame(rows, columns=["parameter", "order", "value", "before", "after", "exact"])
    found.attrs.update(REACH)
    return found


def single(count: int) -> list[tuple[str, ...]]:
    """So many sets of one solution each."""
    return [(f"hold_{k}, wait",) for k in range(count)]


def test_a_set_of_many_solutions_is_counted_and_those_that_tell_it_from_others_are_named() -> None:
    found = tips([0.5], [MANY[:10], MANY[1:]])

    ax = drawn(lambda: figures.tip(found))
    written = " ".join(texts(ax))

    assert "A: 10 solutions: hold 0 / wait / any / climb down + escalate; hold 1" in written
    assert "B: 11 solutions: hold 10 / wait / any / climb down + escalate; hold 11" in written
    assert "Of many solutions two are named" in written
    assert len([text for text in texts(ax) if "hold" in text]) < 10


def test_long_outcomes_are_bounded_though_they_are_few() -> None:
    few = " | ".join("a" * 100 + str(k) for k in range(3))

    assert bounded(few).startswith("3 solutions: ")
    assert bounded("a | b | c") == "a; or b; or c"


def test_a_sentence_counts_many_solutions_and_names_none_of_them() -> None:
    cards = pd.DataFrame({"order": ["simultaneous", "nato"], "concept": "nash", "outcome": " | ".join(MANY)})

    assert flips_message(cards.head(1)) == "Simultaneous play: 12 solutions"
    assert flips_message(cards) == "The solutions are the same under both orders of play: 12 solutions"


def test_descriptions_of_many_solutions_stay_within_a_minute_of_reading() -> None:
    sets = [(*MANY[k % 3 : 12 - k % 2], f"other_{k}") for k in range(12)]
    swept = tips([k / 12 for k in range(1, 12)], sets)
    cards = pd.DataFrame({"order": ["simultaneous", "nato"], "concept": "nash", "outcome": " | ".join(MANY)})

    for ax in (drawn(lambda: figures.tip(swept)), drawn(lambda: figures.flips(cards))):
        assert len(figures.alternative(ax)) < MOST + len(figures.message(ax)) + 200
        assert "_" not in figures.alternative(ax)


def test_changes_too_close_together_to_be_seen_share_one_number_that_counts_them() -> None:
    found = tips([0.3, 0.6, 0.60000001, 0.60000002], single(5))

    ax = drawn(lambda: figures.tip(found))

    assert {"0.3", "0.6 (\u00d73)"} <= set(texts(ax))
    assert "0.6" not in texts(ax)
    assert "with 2 further sets of solutions between them" in " ".join(texts(ax))
    assert "changes 4 times" in figures.message(ax)


def test_every_stretch_of_a_strip_ends_where_the_next_begins() -> None:
    (one,) = strips(intervals(tips([0.2, 0.2001, 0.2002, 0.9], single(5))))

    assert [own.high for own in one.stretches[:-1]] == [own.low for own in one.stretches[1:]]
    assert [value for value, _ in one.cuts] == [0.2, 0.2001, 0.2002, 0.9]


def test_letters_without_room_in_their_strip_are_written_above_it() -> None:
    wide = drawn(lambda: figures.tip(tips([0.3, 0.6], single(3))))
    narrow = drawn(lambda: figures.tip(tips([0.3, 0.31], single(3))))

    assert "Simultaneous play" in texts(wide)
    assert "Simultaneous play; from left to right A, B, C" in texts(narrow)
    assert not covering_texts(narrow)


def test_tipping_points_without_room_for_their_numbers_are_written_above_their_strip() -> None:
    found = tips(np.linspace(0.05, 0.951, 15).tolist(), single(16))

    ax = drawn(lambda: figures.tip(found))
    written = " ".join(texts(ax))

    assert "changes at 0.05, 0.1144, " in written
    assert "0.8866 and 0.951" in written
    assert not covering_texts(ax)
    assert not clipped_texts(ax)


def test_a_parameter_is_spaced_as_its_law_says_and_its_base_case_is_marked() -> None:
    asked, even = frame("tip"), tips([0.5], single(2))

    with_law, without = drawn(lambda: figures.tip(asked)), drawn(lambda: figures.tip(even))

    assert (with_law.get_xscale(), without.get_xscale()) == ("log", "linear")
    assert drawn(lambda: figures.tip(asked, log=False)).get_xscale() == "linear"
    assert f"base case, {model().parameters['escalation_risk'].value}" in texts(with_law)
    assert not [text for text in texts(without) if text.startswith("base case")]


@pytest.mark.parametrize(
    ("name", "parameter", "powers"),
    [("brinkmanship_threat", "threatener_loss", True), ("asymmetric_escalation", "challenger_resolve", False)],
)
def test_tips_of_trees_and_equations_say_how_their_parameter_is_spaced(name: str, parameter: str, powers: bool) -> None:
    assert tip(load(name), parameter, points=16).attrs["logarithmic"] is powers


def test_equations_have_one_order_of_play_that_is_not_said_and_trees_have_kinds_of_play() -> None:
    system = tips([0.5], single(2), "equilibrium")
    tree = pd.concat([tips([0.5], single(2), order) for order in ("simultaneous", "sequential")], ignore_index=True)
    cards = pd.DataFrame({"order": ["simultaneous", "sequential"], "concept": "nash", "outcome": "a, b"})

    assert tip_message(system) == "As risk grows, the answer changes once (values found numerically)"
    assert "quilibrium" not in " ".join(texts(drawn(lambda: figures.tip(system))))
    assert figures.alternative(drawn(lambda: figures.tip(tree))).startswith("One strip for each kind of play.")
    assert figures.message(drawn(lambda: figures.flips(cards))).startswith("The outcome is the same under both kinds")


def test_orders_of_play_in_which_nothing_changes_are_said() -> None:
    found = tips([0.5], single(2))
    found.attrs["method"] = {"simultaneous": "numerical", "nato": "numerical"}

    assert tip_message(found, {"nato": "NATO"}).endswith("; when NATO moves first no change was found")


@pytest.mark.parametrize("point", [(0.02, 1.2), (0.0012, 0.9), (0.09, 2.4), (0.0002, 2.2), (0.012, 1.55)])
def test_no_letter_or_number_stands_under_the_name_of_the_base_case(point: tuple[float, float]) -> None:
    ax = drawn(lambda: figures.regions(frame("regions"), point=point))

    assert not [pair for pair in covering_texts(ax) if "base case" in pair]


def test_an_answer_without_room_for_its_letter_says_so() -> None:
    found = frame("regions")
    thin = found.head(0)
    codes = np.zeros_like(np.array(found.attrs["grid"]["region"]))
    codes[0, 0] = 1
    thin.attrs = dict(found.attrs, grid=dict(found.attrs["grid"], region=codes.tolist()), outcomes=["a, b", "c, d"])

    legend = drawn(lambda: figures.regions(thin)).get_legend()

    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["A: a / b", "B: c / d (no room for its letter)"]


def test_a_box_is_described_by_the_labels_of_its_parameters() -> None:
    labels = {name: f"the {name.replace('_', ' ')} of the model" for name in model().parameters}

    told = figures.alternative(drawn(lambda: draw("discovery", labels)))

    assert "_" not in told
    assert "Box 1: if the " in told


@pytest.mark.parametrize(("width", "most"), [(5.4, 9.9), (6.6, 1234.5)])
def test_a_payoff_table_of_six_long_actions_each_can_be_read(width: float, most: float) -> None:
    sides = "eastern", "western"
    actions = [[f"counterattack_{side}_with_all_means_number_{k}" for k in range(6)] for side in sides]
    payoffs = np.linspace(-most, 9.0, 72).reshape(2, 6, 6)
    players = ["the alliance of the northern states", "the federation of the eastern republics"]

    ax = drawn(lambda: figures.payoff_table(players, actions, payoffs), width)

    assert not clipped_texts(ax)
    assert not covering_texts(ax)


def test_a_step_that_breaks_even_at_the_present_value_is_on_an_edge() -> None:
    found = frame("break_even").copy()
    found.attrs = dict(frame("break_even").attrs)
    found.loc[found["value"].notna(), "increment"] = 1e-17

    message = figures.message(drawn(lambda: figures.break_even(found)))

    assert message.startswith("On an edge: ")
    assert "e-17" not in message


def test_of_many_solutions_the_least_firm_are_drawn_and_the_others_counted() -> None:
    near, far = frame("margins"), frame("radius")
    gaps = pd.concat([near.assign(solution=k, relative=near["relative"] + k) for k in range(30)], ignore_index=True)
    sizes = pd.concat([far.assign(solution=k, radius=far["radius"] + 30 - k) for k in range(30)], ignore_index=True)

    firm, robust = drawn(lambda: figures.margins(gaps)), drawn(lambda: figures.radius(sizes))

    assert len([text for text in texts(firm) if text.endswith("%)")]) == 8 * 4
    assert len([text for text in texts(robust) if "each)" in text]) == 12
    assert f"Not drawn: {3 * 30 - 8} other solutions, no nearer to an end than these." in " ".join(texts(firm))
    assert f"Not drawn: {len(sizes) - 12} other solutions" in " ".join(texts(robust))
    assert number(float(sizes["radius"].min())) in figures.message(robust)


def test_payoffs_of_nothing_have_no_sign() -> None:
    card = {"order": ["simultaneous"], "concept": "nash", "outcome": "a, b"}
    ends = {f"payoff_nato_{end}": -1e-9 for end in ("lower", "upper")}

    written = " ".join(texts(drawn(lambda: figures.flips(pd.DataFrame(card | ends)))))

    assert "nato 0.000" in written


def test_bands_brackets_and_beliefs_are_explained_where_they_are_drawn() -> None:
    legend = drawn(lambda: draw("roots")).get_legend()

    assert legend is not None
    assert "their number changes between these two" in legend.get_texts()[-1].get_text()
    assert any(text.startswith("In brackets: the same") for text in texts(drawn(lambda: draw("radius"))))
    assert any(text.startswith("belief: how probable") for text in texts(drawn(lambda: draw("tree"))))
