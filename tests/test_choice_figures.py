"""Do the pictures of choices and of the value of information show what their frames say?"""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from gametheory import figures
from gametheory.analyses.choosing.choices import choice_curves, choices
from gametheory.analyses.choosing.value_of_information import value_of_information
from gametheory.figures.choices import choice_curves as draw_curves, choices as draw_choices
from gametheory.figures.value_of_information import value_of_information as draw_information
from gametheory.reader import load, read
from tests.choosing import model_of, trust
from tests.test_figures import drawn, figure_of, texts_of

LABELS = {"nato": "NATO", "russia": "Russia"}


def pictures() -> dict[str, Any]:
    model = load("reference_involvement")
    several = model_of("[[-3, 2], [-1, 0]]", "[[-3, -1], [2, 0]]")
    ahead, ends = choices(model, samples=300), choices(several, order="simultaneous", samples=20)
    curves = choice_curves(model, samples=300, order="simultaneous")
    worth = value_of_information(trust(), order="nato", samples=400)
    more = value_of_information(model, order="simultaneous", samples=2_048)
    return {
        "choices": lambda: draw_choices(ahead, labels=LABELS),
        "several": lambda: draw_choices(ends, labels=LABELS),
        "curves": lambda: draw_curves(curves, labels=LABELS),
        "losses": lambda: draw_information(worth, labels=LABELS),
        "information": lambda: draw_information(more, labels=LABELS),
    }


def test_the_figures_are_whole_written_in_words_and_say_what_they_show() -> None:
    for name, draw in pictures().items():
        ax = drawn(draw, 6.6)
        page = figure_of(ax).bbox
        for text, box in texts_of(ax):
            assert page.x0 - 1 <= box.x0, (name, text.get_text())
            assert box.x1 <= page.x1 + 1, (name, text.get_text())
            assert "_" not in text.get_text() or "$" in text.get_text(), name
        assert figures.message(ax) in figures.alternative(ax)
        assert len(figures.message(ax).split()) > 4
        written = [(text.get_text(), box) for text, box in texts_of(ax) if text in ax.texts]
        for (one, first), (two, second) in itertools.combinations(written, 2):
            wide = min(first.x1, second.x1) - max(first.x0, second.x0)
            high = min(first.y1, second.y1) - max(first.y0, second.y0)
            assert min(wide, high) < 1.5, (name, one, two)


def test_a_loss_is_drawn_to_the_left_of_nothing() -> None:
    ax = drawn(lambda: draw_information(value_of_information(trust(), order="nato", samples=400), labels=LABELS))
    ends = [bar.get_x() for bars in ax.containers for bar in bars]

    assert min(ends) == pytest.approx(-0.5, abs=0.1)
    assert "Costs most: state" in figures.message(ax)


MATRIX = """
format: gametheory/1
title: Alike
form: strategic
players:
  nato: {label: NATO, actions: [ACTIONS]}
  russia: {label: Russia, actions: [wait, leave]}
parameters:
  p: {value: 0.5, law: {kind: uniform, low: 0, high: 1}, unit: u, meaning: m, source: example, mark: A}
payoffs:
  nato: PAYOFFS
  russia: ROWS
"""


@pytest.mark.parametrize("of", ["regret", "payoff"])
@pytest.mark.parametrize("payoffs", ["[[0, 0], [0, 0]]", "[[1, 1], [0, 0]]", "[[3, 3]]"])
def test_draws_that_are_all_alike_are_points_with_names(payoffs: str, of: str) -> None:
    one = payoffs == "[[3, 3]]"
    text = MATRIX.replace("PAYOFFS", payoffs).replace("ACTIONS", "hold" if one else "hold, concede")
    text = text.replace("ROWS", "[[p, 2]]" if one else "[[p, 2], [p, 2]]")
    frame = choice_curves(read(text), of=of, samples=64, order="simultaneous")
    ax = drawn(lambda: draw_curves(frame))

    assert "-0" not in figures.message(ax)
    written = " ".join(note.get_text() for note in ax.texts)
    assert all(action in written for action in frame["action"].unique())
    if payoffs == "[[0, 0], [0, 0]]":
        assert "most often for hold and concede" in figures.message(ax)
