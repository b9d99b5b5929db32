"""Is every piece of the explorer true of just what it shows, and said so that it can be read?"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from gametheory.explorer import view
from gametheory.explorer.boundaries import traced
from gametheory.explorer.controls import Control
from gametheory.explorer.drawing import map_svg
from gametheory.explorer.pieces import answer_html, map_html
from gametheory.explorer.prepared import Explored, explored
from gametheory.explorer.scans import Map, region_map
from gametheory.explorer.terms import words
from gametheory.figures.style import letter
from gametheory.reader import load, read
from tests.explorer_models import TIED

PENNIES = """
payoffs:
  row: to_left + to_right
  column: 1 - to_left - to_right
"""


def plain(html: str) -> str:
    return re.sub(r"<[^>]+>", " ", html)


@pytest.fixture(scope="module")
def reference() -> Explored:
    return explored(load("reference_involvement"))


def drawn(codes: list[list[int]], x: Control, y: Control) -> Map:
    """A map of some regions, numbered as given."""
    found = np.array(codes)
    names = tuple(f"a{k}, b{k}" for k in range(int(found.max()) + 1))
    return Map(x, y, np.arange(found.shape[1]), np.arange(found.shape[0]), found, names)


@pytest.mark.parametrize(
    ("regret", "said"), [(0.0, "0."), (2.8e-17, "0, up to rounding."), (2e-12, "2e-12."), (0.25, "0.25.")]
)
def test_a_regret_that_is_rounding_is_called_so_and_no_other(reference: Explored, regret: float, said: str) -> None:
    found = replace(reference.answer({}, "simultaneous", "nash"), regret=regret)

    assert f"Largest regret {said}" in plain(answer_html(reference.model, reference.names, found))


def test_what_is_known_of_a_solution_is_said_in_words_beside_it(reference: Explored) -> None:
    several = reference.answer({"escalation_risk": 0.08}, "simultaneous", "nash")
    told = plain(answer_html(reference.model, reference.names, several))

    known = {tag for row in several.rows for tag in row[-1].split(", ") if tag}
    assert known == {"pure", "strict", "risk-dominant"}
    for tag in known:
        assert re.search(rf"\b{tag}: [a-z ]{{12,}}", told, flags=re.IGNORECASE)
    assert "payoff-dominant" not in told


def test_a_long_name_of_a_solution_stands_above_its_numbers_and_a_short_one_beside_them() -> None:
    table = view(load("reference_involvement"), detail="answer").answer
    equation = view(load("crisis_signalling"), detail="answer").answer

    assert '<tbody><tr><th scope="rowgroup" colspan="4"' in table
    assert "rowgroup" not in equation
    assert equation.count('<th scope="row">') > 3


def test_a_column_in_which_nothing_would_stand_is_left_out() -> None:
    assert "what is known" in view(load("reference_involvement"), detail="answer").answer
    assert "what is known" not in view(load("crisis_signalling"), detail="answer").answer
    assert "what is known" not in view(load("reputation_appeasement"), detail="answer").answer


def test_a_measure_is_told_under_its_condition(reference: Explored) -> None:
    assert "Measures, if one of these solutions holds" in view(reference.model, detail="answer").answer


def test_a_map_says_whose_choices_its_answers_name_and_counts_one_answer_as_one(reference: Explored) -> None:
    x, y = (reference.control(name) for name in ("escalation_risk", "stake_russia"))
    central = reference.model.central()
    several = region_map(reference.model, x, y, central, "simultaneous")
    told = plain(map_html(reference.names, several, "simultaneous", central))
    same = replace(drawn([[0, 0], [0, 0]], x, y), names=("surge, carry_on",))
    alone = plain(map_html(reference.names, same, "simultaneous", central))

    assert "the choices of NATO / Russia; a plus sign joins what a mixture uses" in told
    assert "One answer everywhere over escalation risk" in alone
    assert "plus sign" not in alone


def test_every_region_has_its_letter_even_one_cell_wide_and_none_covers_another(reference: Explored) -> None:
    x, y = reference.axes[:2]
    codes = np.zeros((24, 24), dtype=int)
    codes[:, 20:] = 1
    codes[3, 3] = 2
    codes[:2, 22:] = 3
    svg = map_svg(drawn(codes.tolist(), x, y), "", "a map")

    letters = re.findall(r'<text x="([\d.]+)" y="([\d.]+)"[^>]*font-size="(\d+)" font-weight[^>]*>([A-Z])<', svg)
    assert [own[-1] for own in letters] == [letter(k) for k in range(4)]
    assert int(letters[2][2]) < int(letters[0][2])
    places = np.array([[float(own[0]), float(own[1])] for own in letters])
    apart = np.abs(places[:, None] - places[None]).sum(axis=2)[~np.eye(4, dtype=bool)]
    assert apart.min() > 12

    fine = np.zeros((48, 48), dtype=int)
    fine[3, 3:5] = 1, 2
    svg = map_svg(drawn(fine.tolist(), x, y), "", "a map")
    assert len(re.findall(r"font-weight[^>]*>[A-Z]<", svg)) == 2  # the third would cover its neighbour's


def test_the_numbers_of_an_axis_do_not_meet(reference: Explored) -> None:
    tiny = replace(
        reference.control("escalation_risk"), values=tuple(np.geomspace(1e-8, 1e-2, 50).tolist()), central=1e-7
    )
    svg = map_svg(drawn([[0]], tiny, reference.axes[0]), "", "a map")

    row = re.findall(r'<text x="([\d.]+)" y="325.0" text-anchor="middle">([^<]+)<', svg)
    ends = [(float(x) - 3.6 * len(text), float(x) + 3.6 * len(text)) for x, text in row]
    assert len(row) >= 4
    assert all(right < left for (_, right), (left, _) in pairwise(ends))


def test_games_beside_boundaries_are_told_only_where_there_are_boundaries(reference: Explored) -> None:
    x, y = (reference.control(name) for name in ("escalation_risk", "stake_russia"))
    several = traced(reference.model, x, y, reference.model.central(), "nato").said
    pennies = explored(read(TIED.partition("payoffs:")[0] + PENNIES))
    across, up = pennies.axes[:2]
    none = traced(pennies.model, across, up, pennies.model.central(), "simultaneous").said

    assert re.search(
        r"[\d,]+ games were solved beside them: (all are|\d+ of these (is not|are not)) as they say", several
    )
    assert none.startswith("No boundary was found. A region within")


@pytest.mark.parametrize("form", ["strategic", "extensive", "analytic"])
def test_the_page_defines_the_words_that_it_uses(form: str) -> None:
    told = dict(words(form))

    assert {"solution", "regret", "tipping point", "certificate", "lower, upper", "mark"} <= {*told}
    assert all(len(text.split()) > 5 for text in told.values())


def test_what_was_compared_is_told_where_there_is_no_page(reference: Explored) -> None:
    shown = view(reference.model)

    assert "; 129 values were compared." in shown._repr_html_()
    assert all("compared" not in str(own["sentence"]) for own in shown.changes.values())
