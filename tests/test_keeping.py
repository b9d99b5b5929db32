"""Does an answer keep its letter and its colour from one figure of a page to the next?"""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.colors import to_hex

from gametheory import figures
from gametheory.analyses import flips, regions, tip
from gametheory.reader import load

NAME = "reference_involvement"
CENTRAL = ("surge, carry_on", "bridge, deescalate", "concede, strike_nato_assets")  # by order of play


def keys(ax: Axes) -> dict[str, str]:
    """What stands in the key of a figure: answer -> letter."""
    legend = ax.get_legend()
    texts = [text.get_text() for text in (legend.get_texts() if legend is not None else ax.texts)]
    pairs = [text.split(": ", 1) for text in texts if len(text.split(": ", 1)) == 2]
    return {answer.replace("\n", " "): letter for letter, answer in pairs if len(letter) == 1 and letter.isalpha()}


def test_the_central_answers_have_the_same_letters_in_tips_and_maps_and_no_two_share_one() -> None:
    model = load(NAME)
    tips = [tip(model, name, order="all") for name in ("escalation_risk", "decisiveness", "stake_russia")]
    map_ = regions(model, "escalation_risk", "decisiveness", order="russia", resolution=24)
    with figures.off_screen(), figures.keeping([[answer] for answer in CENTRAL]):
        drawn = [*(keys(figures.tip(frame)) for frame in tips), keys(figures.regions(map_))]

    expected = {"surge / carry on": "A", "bridge / deescalate": "B", "concede / strike nato assets": "C"}
    for own in drawn:
        assert {answer: letter for answer, letter in own.items() if answer in expected}.items() <= expected.items()
        assert len(set(own.values())) == len(own) > 1
    assert sum("concede / strike nato assets" in own for own in drawn) == 4
    assert all(letter not in "ABC" for own in drawn for answer, letter in own.items() if answer not in expected)


def test_the_cards_of_the_orders_have_the_colours_that_are_kept() -> None:
    frame = flips(load(NAME))
    frame = frame[frame["concept"] == "nash"]
    with figures.off_screen():
        usual = [to_hex(patch.get_facecolor()) for patch in figures.flips(frame).patches]
        with figures.keeping([[answer] for answer in reversed(CENTRAL)]):
            kept = [to_hex(patch.get_facecolor()) for patch in figures.flips(frame).patches]

    assert len(set(usual)) == 3
    assert kept == usual[::-1]


def test_outside_of_a_page_each_figure_begins_with_a() -> None:
    model = load(NAME)
    with figures.off_screen():
        own = keys(figures.tip(tip(model, "escalation_risk", order="russia")))

    assert sorted(own.values()) == ["A", "B", "C", "D"][: len(own)]
