"""Do claims survive other orders, noise and concepts exactly where the games themselves say so?"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from gametheory import figures
from gametheory.analyses.argument.claims import claims
from gametheory.analyses.assumptions.alternatives import alternatives, survival
from gametheory.analyses.assumptions.borne_out import against, in_favour
from gametheory.analyses.assumptions.concepts import (
    hierarchy_in_turn,
    levels_in_turn,
    logit_in_turn,
    quantal_codes,
)
from gametheory.analyses.assumptions.correlated_bounds import correlated_codes, undominated_actions
from gametheory.analyses.assumptions.kinds import claim_cells, sharing, solution_codes, solved
from gametheory.analyses.assumptions.observation import noisy_outcomes
from gametheory.errors import InputError, UnknownNameError
from gametheory.games import Games, strategic
from gametheory.model import Claim, Model
from gametheory.model.nouns import closed
from gametheory.reader import load, read
from gametheory.solvers import finding, solve
from gametheory.study import ALL, NONE, SOME
from tests.library import random_games
from tests.test_analyses import PAYOFFS, THREE_ALLIES, chicken
from tests.test_figures import drawn, figure_of, texts_of

FloatArray = NDArray[np.float64]
LABELS = {"nato": "NATO", "russia": "Russia"}
SHARES = ["all", "some", "none", "failed"]


@pytest.fixture(scope="module")
def reference() -> Model:
    return load("reference_involvement")


@pytest.fixture(scope="module")
def answered(reference: Model) -> pd.DataFrame:
    return alternatives(reference, samples=128)


def of_claim(frame: pd.DataFrame, claim: str) -> pd.DataFrame:
    return frame[frame["claim"] == claim].set_index("alternative")


def with_claims(model: Model, **changes: Claim) -> Model:
    """The same model with other claims."""
    return replace(model, claims=closed({**model.claims, **changes}))


def table(actions: int, replies: int, claim: Mapping[str, Any]) -> Model:
    """A model of so many actions, whose games are not used: it gives names and a claim."""
    text = f"""
format: gametheory/1
title: Table
form: strategic
players:
  p0: {{label: One, actions: [{", ".join(f"a{k + 1}" for k in range(actions))}]}}
  p1: {{label: Two, actions: [{", ".join(f"a{k + 1}" for k in range(replies))}]}}
parameters:
  p: {{value: 0.5, law: {{kind: uniform, low: 0, high: 1}}, unit: u, meaning: m, source: e, mark: A}}
payoffs: {{p0: p, p1: p}}
"""
    model = read(text)
    return replace(model, claims=closed({"it": Claim("it", "It", **claim)}))


# The frame


def test_the_baseline_is_what_the_claims_say(reference: Model, answered: pd.DataFrame) -> None:
    known = claims(reference, samples=128).set_index("claim")

    for claim, own in answered.groupby("claim"):
        for word in SHARES:
            assert own[f"baseline_{word}"].nunique() == 1
            assert own[f"baseline_{word}"].iloc[0] == known.loc[str(claim), word], (claim, word)


def test_shares_add_up_and_changes_are_bounded_by_them(answered: pd.DataFrame) -> None:
    assert answered[SHARES].sum(axis=1).to_numpy() == pytest.approx(1.0)
    least = (answered["all"] - answered["baseline_all"]).abs() - answered["failed"] - answered["baseline_failed"]
    assert (answered["changed"] >= least - 1e-9).all()
    assert not answered.duplicated(["claim", "alternative"]).any()
    assert (answered["assumption"].str.len() > 10).all()


def test_another_order_answers_as_the_claim_made_under_it(reference: Model, answered: pd.DataFrame) -> None:
    for name, claim in reference.claims.items():
        own = of_claim(answered, name)
        for order in reference.orders:
            key = order if order == "simultaneous" else f"{order} first"
            if claim.given or order == claim.order:
                assert key not in own.index
                continue
            moved = with_claims(reference, **{name: replace(claim, order=order)})
            known = claims(moved, samples=128).set_index("claim").loc[name]
            assert own.loc[key, SHARES].tolist() == known[SHARES].tolist(), (name, order)


def test_where_one_player_alone_chooses_nobody_waits_or_watches(answered: pd.DataFrame) -> None:
    families = answered.groupby("claim")["family"].agg(set)

    assert {"order of play", "observation"}.isdisjoint(families["troops_force_retreat"])
    assert "observation" not in families["caution_prevails"]
    assert {"order of play", "observation"} <= families["deeper_involvement_without_disaster"]


def test_a_verdict_is_about_the_same_draws(answered: pd.DataFrame) -> None:
    for row in answered.to_dict("records"):
        decided = 1.0 - max(row["failed"], row["baseline_failed"])
        if row["survives"] == "yes":
            assert row["changed"] <= 0.1
            assert decided >= 0.9
        elif row["survives"] == "no":
            assert row["changed"] >= 0.5 or row["kept"] <= 0.5
    assert set(answered["survives"]) >= {"yes", "partly", "no"}
    assert [survival(c, 0.0, math.nan, 1.0) for c in (0.1, 0.3, 0.5)] == ["yes", "partly", "no"]
    assert survival(0.2, 0.05, 0.0, 1.0) == "partly"  # it hardly ever held, so that losing it says little


def test_the_same_seed_gives_the_same_frame_and_progress_comes_to_its_end(reference: Model) -> None:
    seen: list[tuple[int, int]] = []
    frames = [
        alternatives(reference, claims=["caution_prevails"], samples=32, seed=3, progress=lambda *own: seen.append(own))
        for _ in range(2)
    ]

    pd.testing.assert_frame_equal(*frames)
    assert seen[-1][0] == seen[-1][1]
    assert frames[0].attrs["seed"] == 3


def test_unknown_claims_are_refused_and_no_claims_give_no_rows(reference: Model) -> None:
    with pytest.raises(UnknownNameError, match="did you mean"):
        alternatives(reference, claims=["caution_prevail"], samples=8)
    without = chicken(PAYOFFS[: PAYOFFS.index("measures")])
    assert alternatives(without, samples=8).empty
    with pytest.raises(InputError):
        alternatives(reference, samples=-1)


def test_a_game_that_fails_is_counted_under_every_alternative() -> None:
    frame = alternatives(chicken(PAYOFFS.replace("-2 * p", "0 * log(0.6 - p) - 2 * p")), samples=200)
    concepts = frame[frame["family"].isin(["order of play", "concept"])]

    assert frame["baseline_failed"].nunique() == 1
    assert frame["baseline_failed"].iloc[0] == pytest.approx(0.4, abs=0.1)
    assert (concepts["failed"] >= concepts["baseline_failed"]).all()
    assert set(concepts["survives"]) == {"not decided"}
    changes = frame["changed"] * 200 * (1.0 - frame[["failed", "baseline_failed"]].max(axis=1))
    assert (changes - changes.round()).abs().max() < 1e-9  # whole draws of those that are decided, of which some change
    assert changes.max() > 0


def test_over_an_interval_a_claim_holds_only_if_it_does_everywhere() -> None:
    law = "law: {kind: uniform, low: 0, high: 1}"
    whole = read(chicken().text.replace(law, "law: {kind: interval, low: 0, high: 1}"))
    one = of_claim(alternatives(whole, claims=["nato_holds"], samples=4), "nato_holds")

    assert (one["baseline_some"] == 1.0).all()
    assert (one.loc["russia first", SHARES] == [0.0, 1.0, 0.0, 0.0]).all()
    broken = read(whole.text.replace("-2 * p", "0 * log(0.6 - p) - 2 * p"))
    assert (alternatives(broken, claims=["nato_holds"], samples=4)["baseline_failed"] == 1.0).all()


def test_more_than_two_players_are_asked_what_has_an_answer_for_them() -> None:
    frame = alternatives(read(THREE_ALLIES), samples=300)

    assert {"order of play", "observation"}.isdisjoint(frame["family"])
    one = of_claim(frame, "third_goes")
    assert (one["baseline_all"] > 0.1).all()
    assert one.loc[["correlated", "level 3", "quantal response, 1000"], "survives"].tolist() == ["yes"] * 3  # dominance


# Noisy observation


def in_plans(own: FloatArray, its: FloatArray, noise: float) -> list[tuple[FloatArray, FloatArray]]:
    """All equilibria of one game in which the follower chooses a plan: a reply to each signal; mixture and outcome."""
    size, replies = own.shape
    signal = np.full((size, size), noise / (size - 1))
    np.fill_diagonal(signal, 1.0 - noise)
    plans = list(itertools.product(range(replies), repeat=size))
    met = np.zeros((size, len(plans), replies))
    for number, plan in enumerate(plans):
        for seen, reply in enumerate(plan):
            met[:, number, reply] += signal[:, seen]
    payoffs = [np.einsum("akj,aj->ak", met, side) for side in (own, its)]
    found = solve(strategic(np.stack(payoffs)), workers=1)
    return [
        (x, x[:, np.newaxis] * np.einsum("akj,k->aj", met, y))
        for x, y in zip(found.strategies[0], found.strategies[1], strict=True)
    ]


def distinct(outcomes: list[FloatArray]) -> list[FloatArray]:
    kept: list[FloatArray] = []
    for outcome in outcomes:
        if not any(np.allclose(outcome, other, atol=1e-8) for other in kept):
            kept.append(outcome)
    return kept


def assert_as_in_plans(games: FloatArray, noise: float) -> None:
    """The outcomes in which the leader uses at most two actions are those of the game of plans."""
    found = noisy_outcomes(games[:, 0], games[:, 1], noise)
    for game in range(len(games)):
        plans = in_plans(games[game, 0], games[game, 1], noise)
        wanted = distinct([outcome for mixture, outcome in plans if (mixture > 1e-9).sum() <= 2])
        own = list(found.joint[found.game == game])
        assert len(own) == len(wanted), game
        assert all(any(np.allclose(one, other, atol=1e-8) for other in own) for one in wanted), game


@pytest.mark.parametrize("noise", [0.01, 0.1, 0.3])
@pytest.mark.parametrize(("shape", "count"), [((2, 2), 30), ((2, 3), 20), ((3, 2), 30), ((3, 3), 3)])
def test_noisy_observation_finds_what_the_game_of_plans_has(shape: tuple[int, int], count: int, noise: float) -> None:
    assert_as_in_plans(random_games(seed=7, count=count, shape=shape).payoffs, noise)


def test_signals_of_unused_actions_may_each_be_answered_in_their_own_way() -> None:
    games = random_games(seed=0, count=300, shape=(4, 2)).payoffs

    # in the first five an equilibrium needs such answers; in the others what is met after them decides
    assert_as_in_plans(games[[9, 53, 56, 163, 201, 34, 45, 62, 77, 98]], 0.3)


@pytest.mark.parametrize("noise", [0.3, 0.1, 0.01])
def test_bagwells_leader_keeps_its_advantage_only_by_mixing(noise: float) -> None:
    own, its = np.array([[[5.0, 3.0], [6.0, 4.0]]]), np.array([[[2.0, 1.0], [3.0, 4.0]]])
    # indifferent between replies where the belief is one half; the leader where a signal moves the reply by one half
    expected = [0.0, noise, 1.0 - noise] if noise < 0.25 else [0.0]

    assert np.sort(noisy_outcomes(own, its, noise).mixture[:, 0]) == pytest.approx(expected)


def test_under_any_noise_a_leader_that_keeps_to_one_action_plays_as_if_unseen() -> None:
    games = random_games(seed=2, count=300, shape=(4, 3))
    found = noisy_outcomes(games.payoffs[:, 0], games.payoffs[:, 1], 0.05)
    certain = found.joint.max(axis=(1, 2)) >= 1.0
    pure = solve(games, concept="nash")
    pure_games = pure.game[pure.pure]

    assert np.array_equal(found.game[certain], pure_games)


def test_renumbering_actions_renumbers_the_outcomes_of_noise() -> None:
    games = random_games(seed=4, count=100, shape=(4, 3)).payoffs
    order, replies = np.array([2, 0, 3, 1]), np.array([1, 2, 0])
    found = noisy_outcomes(games[:, 0], games[:, 1], 0.1)
    renamed = games[:, :, order][:, :, :, replies]
    moved = noisy_outcomes(renamed[:, 0], renamed[:, 1], 0.1)

    assert np.array_equal(found.game, moved.game)
    for game in np.unique(found.game):
        own, other = (side.joint[side.game == game] for side in (found, moved))
        for joint in own[:, order][:, :, replies]:
            assert any(np.allclose(joint, one, atol=1e-9) for one in other)


def test_ties_leave_a_claim_under_noise_undecided() -> None:
    games = random_games(seed=5, count=200, shape=(3, 3), levels=4).payoffs
    tied = noisy_outcomes(games[:, 0], games[:, 1], 0.1).tied
    best = games[:, 1] >= games[:, 1].max(axis=2, keepdims=True)
    assert np.all(tied[(best.sum(axis=2) > 1).any(axis=1)])
    twins = np.array([[[1.0, 0.0], [1.0, 0.0]]])
    assert noisy_outcomes(twins, np.array([[[1.0, 0.0], [2.0, 0.0]]]), 0.1).tied.tolist() == [True]
    plain = random_games(seed=5, count=50, shape=(3, 3)).payoffs
    assert not noisy_outcomes(plain[:, 0], plain[:, 1], 0.1).tied.any()


def test_a_game_that_is_not_finite_has_no_noisy_outcome_and_moves_no_other() -> None:
    games = random_games(seed=5, count=3, shape=(2, 2)).payoffs.copy()
    alone = noisy_outcomes(games[2:, 0], games[2:, 1], 0.1)
    games[1, 0, 0, 0] = np.nan
    found = noisy_outcomes(games[:, 0], games[:, 1], 0.1)

    assert not (found.game == 1).any()
    assert np.allclose(found.joint[found.game == 2], alone.joint)


# Concepts


def test_in_turn_exact_players_play_the_paths_of_a_leader() -> None:
    games = random_games(seed=1, count=200, shape=(4, 3))
    own, its = games.payoffs[:, 0], games.payoffs[:, 1]
    paths = solve(games, order="p0")
    expected = paths.strategies[0][:, :, np.newaxis] * paths.strategies[1][:, np.newaxis]

    for leader, replies in (levels_in_turn(own, its, 2), levels_in_turn(own, its, 3), logit_in_turn(own, its, 1e6)):
        assert np.allclose(leader[:, :, np.newaxis] * replies, expected, atol=1e-6)


def test_logit_in_turn_answers_itself() -> None:
    games = random_games(seed=3, count=50, shape=(3, 4)).payoffs
    leader, replies = logit_in_turn(games[:, 0], games[:, 1], 2.5)
    odds = np.log(replies[:, :, 0] / replies[:, :, 1])
    value = (games[:, 0] * replies).sum(axis=2)

    assert np.allclose(odds, 2.5 * (games[:, 1, :, 0] - games[:, 1, :, 1]))
    assert np.allclose(np.log(leader[:, 0] / leader[:, 2]), 2.5 * (value[:, 0] - value[:, 2]))


def test_a_hierarchy_in_turn_is_the_sum_of_its_levels() -> None:
    own, its = np.array([[[5.0, 3.0], [6.0, 4.0]]]), np.array([[[2.0, 1.0], [3.0, 4.0]]])
    weights = np.array([math.exp(-1.5) * 1.5**level / math.factorial(level) for level in range(40)])
    leader = np.array([0.5, 0.5]) * weights[0]
    for level in range(1, 40):
        random = weights[0] / weights[:level].sum()  # share of even play among the followers that it expects
        pays = [5.0 - random, 4.0 + random]  # a follower that answers pays 5 and 4, an even one 4 and 5
        leader[int(np.argmax(pays))] += weights[level]

    found, replies = hierarchy_in_turn(own, its, 1.5)

    assert found[0] == pytest.approx(leader / weights.sum())
    assert replies[0, 0, 0] == pytest.approx(1 - weights[0] / 2)


def test_quantal_response_does_not_depend_on_the_units_of_a_player() -> None:
    model = table(3, 3, {"expect": closed({"p0": ("a1", "a2")})})
    games = random_games(seed=6, count=60, shape=(3, 3))
    scaled = replace(games, payoffs=games.payoffs * np.array([1e3, 0.1]).reshape(1, 2, 1, 1) + 7.0)
    for order in ("simultaneous", "p1"):
        claim = replace(model.claims["it"], order=order)
        codes = quantal_codes((1.0, 30.0))
        own, other = (codes(model, claim, batch, {}) for batch in (games, scaled))
        assert np.array_equal(own, other)
        assert len(set(own)) > 1


@pytest.mark.parametrize("levels", [0, 3])
def test_correlated_answers_are_those_of_both_bounds(levels: int) -> None:
    games = random_games(seed=8, count=60, shape=(3, 3), levels=levels)
    model = table(3, 3, {"expect": closed({"p0": ("a1", "a2"), "p1": ("a2", "a3")})})
    claim = model.claims["it"]
    cells = claim_cells(model, claim, games, {})
    bounds: Any = finding("correlated")(games, cells[0])
    codes = correlated_codes(model, claim, games, {})

    expected = np.where(bounds.lower > 1 - 1e-7, ALL, np.where(bounds.upper > 1 - 1e-7, SOME, NONE))
    assert np.array_equal(codes, expected)
    assert set(codes) == {ALL, SOME, NONE}
    nash = solution_codes(claim, cells, solved(games))
    assert np.all((codes == nash) | (codes == SOME))


def test_what_strict_dominance_removes_no_equilibrium_uses() -> None:
    games = random_games(seed=9, count=200, shape=(4, 3))
    kept = undominated_actions(games)
    solutions = solve(games)

    assert 0.1 < np.mean([mask.mean() for mask in kept]) < 1.0
    for mask, strategies in zip(kept, solutions.strategies, strict=True):
        assert not strategies[~mask[solutions.game]].any()


def test_what_is_shared_is_worked_out_once_and_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    from gametheory.analyses.assumptions import kinds

    asked: list[Games] = []

    def counted(games: Games, **options: Any) -> Any:
        asked.append(games)
        return solve(games, **options)

    monkeypatch.setattr(kinds, "solve", counted)
    games = random_games(seed=0, count=2, shape=(2, 2))
    with sharing():
        assert solved(games) is solved(games)
        solved(games, concept="level_k", level=1.0)
    solved(games)

    assert len(asked) == 3


# The figure


def test_the_table_is_whole_and_says_each_verdict_by_mark_and_number(answered: pd.DataFrame) -> None:
    failed = answered.assign(survives="not decided", changed=math.nan)
    many = pd.concat([answered.assign(claim=[f"{name}_{k}" for name in answered["claim"]]) for k in range(5)])
    for frame, width in ((answered, 6.6), (answered, 5.4), (failed, 6.6), (many, 6.6), (answered.iloc[:0], 6.6)):
        ax = drawn(partial(figures.alternatives, frame, labels=LABELS), width)
        page = figure_of(ax).bbox
        texts = texts_of(ax)
        for text, box in texts:
            assert box.x0 >= page.x0 - 1, text.get_text()
            assert box.x1 <= page.x1 + 1, text.get_text()
            assert box.y0 >= page.y0 - 1, text.get_text()
            assert "_" not in text.get_text()
        written = [(text.get_text(), box) for text, box in texts if text in ax.texts]
        for (one, first), (two, second) in itertools.combinations(written, 2):
            wide = min(first.x1, second.x1) - max(first.x0, second.x0)
            high = min(first.y1, second.y1) - max(first.y0, second.y0)
            assert min(wide, high) < 1.5, (one, two)
        assert figures.message(ax) in figures.alternative(ax)
        assert "_" not in figures.alternative(ax)


def test_the_cells_are_the_rows_of_the_frame(answered: pd.DataFrame) -> None:
    ax = drawn(lambda: figures.alternatives(answered, labels=LABELS))
    texts = [text.get_text() for text in ax.texts]

    assert len(ax.patches) == len(answered)
    better = in_favour(answered)
    for mark, rows in (
        ("\u2713", answered["survives"] == "yes"),
        ("~", answered["survives"] == "partly"),
        ("\u2717", (answered["survives"] == "no") & ~better),
        ("\u2191", better),
    ):
        assert texts.count(mark) == rows.sum() + 1  # and once in the key
    lost = answered[against(answered)].groupby("family").size()
    share = (lost / answered.groupby("family").size()).idxmax()
    words = {"order of play": "another order of play", "observation": "noisy observation", "concept": "another concept"}
    assert words.get(str(share), str(share)) in figures.message(ax)
    kept = answered.groupby("claim")["survives"].agg(lambda own: bool((own == "yes").all())).sum()
    assert f"the answer stays for {kept or 'none'} of 4 claims" in figures.message(ax)


def test_a_cell_that_is_not_decided_says_why(answered: pd.DataFrame) -> None:
    why = "2 of 40 draws under the alternative (draws 3, 9): the branch could not be followed"
    rows = answered["alternative"] == answered["alternative"].iloc[-1]
    frame = answered.assign(survives=answered["survives"].mask(rows, "not decided"), undecided="")
    frame.loc[rows, "undecided"] = why
    one = frame.loc[rows, ["claim", "alternative"]].iloc[0]
    texts = " ".join(text.get_text() for text in drawn(lambda: figures.alternatives(frame, labels=LABELS)).texts)

    place = list(dict.fromkeys(answered["claim"])).index(one["claim"]) + 1
    assert f"{place} under" in texts
    assert "the branch could not be followed" in texts
    assert "draws 3, 9" not in texts


def test_one_claim_is_told_in_the_singular(answered: pd.DataFrame) -> None:
    own = answered[answered["claim"] == answered["claim"].iloc[0]]

    assert "the answer of the one claim" in figures.message(drawn(lambda: figures.alternatives(own, labels=LABELS)))
