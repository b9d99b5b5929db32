"""Are payoffs of which only the order is known drawn uniformly, and does what is proved of them hold for all?"""

from __future__ import annotations

import itertools
import warnings
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from gametheory.analyses import flips, least_change, ordinal, radius, regions, tip
from gametheory.analyses.robustness.spreads import spread
from gametheory.designs import design
from gametheory.errors import InputError, ModelError, ParameterWarning
from gametheory.model import Model
from gametheory.parameters import (
    Chain,
    Joint,
    Law,
    Over,
    PartialOrder,
    complete_orders,
    count_completions,
    order_faults,
    order_of,
    ranking,
    sample,
)
from gametheory.reader import problems, read, starter

FloatArray = NDArray[np.float64]

BOWTIE: list[Chain] = [["a", ["b", "c"], "d"], ["e", "f"], ["e", "d"]]  # a > b = c > d, e > f, e > d
ORDERS: dict[str, list[Chain]] = {
    "total": [["a", "b", "c", "d"]],
    "total with a tie": [["a", ["b", "c"], "d"]],
    "nothing known": [["a"], ["b"], ["c"], ["d"]],
    "two chains": [["a", "b"], ["c", "d"]],
    "one above all": [["a", "b"], ["a", "c"], ["a", "d"]],
    "bowtie": BOWTIE,
}


def brute_force(order: PartialOrder) -> list[tuple[int, ...]]:
    """All permutations of the groups, best first, that keep every comparison."""
    return [
        one
        for one in itertools.permutations(range(len(order.groups)))
        if all(one.index(better) < one.index(worse) for better, worse in order.above)
    ]


def weak_orders(order: PartialOrder) -> Iterator[tuple[int, ...]]:
    """All assignments of levels to the groups that keep every comparison, coincidences included."""
    size = len(order.groups)
    for levels in itertools.product(range(size), repeat=size):
        if all(levels[better] > levels[worse] for better, worse in order.above):
            yield levels


@pytest.mark.parametrize("name", ORDERS)
def test_complete_orders_are_those_that_a_search_of_all_permutations_finds(name: str) -> None:
    order = order_of(ORDERS[name])

    assert sorted(complete_orders(order)) == sorted(brute_force(order))
    assert count_completions(order) == len(brute_force(order))


def test_random_orders_are_counted_and_closed_as_a_search_finds() -> None:
    for seed in range(60):
        chains = random_chains(np.random.default_rng(seed), list("abcdef"))
        order = order_of(chains)
        found = brute_force(order)

        assert found
        assert count_completions(order) == len(found)
        always = {
            pair
            for pair in itertools.permutations(range(len(order.groups)), 2)
            if all(one.index(pair[0]) < one.index(pair[1]) for one in found)
        }
        assert set(order.above) == always
        neighbours = {pair for one in found for pair in pairwise(one)}
        assert set(order.steps) == always & neighbours


def random_chains(generator: np.random.Generator, names: list[str], chains: int = 3) -> list[Chain]:
    """Chains that agree with one hidden order with ties; every name stands alone as well."""
    hidden = {name: int(generator.integers(len(names))) for name in names}
    made: list[Chain] = [[name] for name in names]
    for _ in range(chains):
        chosen = generator.permutation(names)[: int(generator.integers(2, len(names) + 1))].tolist()
        levels = sorted({hidden[name] for name in chosen}, reverse=True)
        made.append(
            [tied if len(tied) > 1 else tied[0] for tied in ([n for n in chosen if hidden[n] == v] for v in levels)]
        )
    return made


def test_large_orders_are_counted_exactly() -> None:
    long = [[f"a{place}" for place in range(40)], [f"b{place}" for place in range(40)]]

    assert count_completions(order_of(long)) == 107507208733336176461620  # 80 choose 40
    with pytest.raises(InputError, match="leaves too much open"):
        count_completions(order_of([[f"a{place}"] for place in range(17)]))
    with pytest.raises(InputError, match="101 names in one order"):
        order_of([[f"a{place}" for place in range(101)]])


@pytest.mark.parametrize(
    ("chains", "place", "sentence"),
    [
        ([["a", "b", "a"]], (0, 2), "puts 'b' above 'a', which stands above it already"),
        ([["a", "a"]], (0, 1), "'a' stands twice"),
        ([["a", "b"], ["b", "c"], ["c", "a"]], (2, 1), "puts 'c' above 'a'"),
        ([["a", "b"], ["c", ["b", "a"]]], (1, 1, 1), "makes 'b' and 'a' equal, but 'a' stands above 'b' already"),
        ([[["a", "b"], "c"], ["b", "a"]], (1, 1), "puts 'b' above 'a', which is its equal already"),
        ([["a", []]], (0, 1), "an empty list"),
    ],
)
def test_a_contradiction_is_told_with_its_place(chains: list[Chain], place: tuple[int, ...], sentence: str) -> None:
    (fault, *_) = order_faults(chains)

    assert fault.place == place
    assert sentence in fault.message
    with pytest.raises(InputError):
        order_of(chains)


def test_demands_are_allowed_as_a_search_of_all_values_finds() -> None:
    generator = np.random.default_rng(3)
    for _ in range(80):
        order = order_of(random_chains(generator, list("abcde"), chains=2))
        size = len(order.groups)
        pairs = generator.integers(size, size=(3, 2)).tolist()
        demands = [Over(better, worse, strictly=bool(generator.integers(2))) for better, worse in pairs]

        possible = any(
            all(v[d.better] > v[d.worse] if d.strictly else v[d.better] >= v[d.worse] for d in demands)
            for v in weak_orders(order)
        )

        assert order.allows(demands) == possible


@pytest.mark.parametrize("name", ORDERS)
def test_means_and_places_are_those_of_all_complete_orders(name: str) -> None:
    made = ranking("r", ORDERS[name], low=Fraction(-1), high=Fraction(3))
    found = brute_force(made.order)
    size = len(made.order.groups)

    for entry in made.names:
        group = made.order.group(entry)
        places = [size - one.index(group) for one in found]  # counted from the worst
        assert made.mean(entry) == -1 + 4 * Fraction(sum(places), len(places) * (size + 1))
        assert made.places(entry) == tuple(Fraction(places.count(p), len(places)) for p in range(1, size + 1))
    assert [own.exact for own in made.parameters] == [made.mean(own.name) for own in made.parameters]


def drawn(chains: list[Chain], count: int, seed: int) -> tuple[PartialOrder, FloatArray]:
    """Draws of the groups, ``float64[count, group]``."""
    made = ranking("r", chains)
    uniforms = np.random.default_rng(seed).random((count, len(made.columns)))
    points = made.points(uniforms)
    return made.order, np.column_stack([points[group[0]] for group in made.order.groups])


@pytest.mark.parametrize("name", ORDERS)
def test_every_complete_order_is_drawn_equally_often(name: str) -> None:
    order, values = drawn(ORDERS[name], 60_000, seed=11)

    seen = Counter(map(tuple, np.argsort(-values, axis=1).tolist()))

    found = brute_force(order)
    assert set(seen) == set(found)
    assert len(found) == 1 or stats.chisquare([seen[one] for one in found]).pvalue > 0.001


@pytest.mark.parametrize("name", ORDERS)
def test_draws_are_those_of_a_cube_from_which_the_others_are_thrown_away(name: str) -> None:
    order, values = drawn(ORDERS[name], 20_000, seed=5)
    cube = np.random.default_rng(6).random((600_000, len(order.groups)))
    keeps = np.ones(len(cube), dtype=bool)
    for better, worse in order.above:
        keeps &= cube[:, better] > cube[:, worse]
    twin = cube[keeps]

    error = np.sqrt(np.cov(twin.T).max() * (1 / len(values) + 1 / len(twin)))
    assert np.abs(values.mean(axis=0) - twin.mean(axis=0)).max() < 5 * error
    np.testing.assert_allclose(np.cov(values.T), np.cov(twin.T), atol=6e-3)
    weights = np.random.default_rng(7).standard_normal((3, values.shape[1]))
    for direction in (*np.eye(values.shape[1]), *weights):
        assert stats.ks_2samp(values @ direction, twin @ direction).pvalue > 0.0005


@pytest.mark.parametrize("name", ORDERS)
def test_the_law_of_each_name_is_that_of_its_draws(name: str) -> None:
    made = ranking("r", ORDERS[name], low=Fraction(2), high=Fraction(5))
    points = made.points(np.random.default_rng(8).random((20_000, len(made.columns))))

    for entry in made.names:
        law = made.law(entry)
        u = np.linspace(0.01, 0.99, 99)
        at = (law.quantile(u) - 2) / 3
        size = len(made.order.groups)
        beta = [stats.beta(place, size + 1 - place) for place in range(1, size + 1)]
        reached = sum(float(chance) * own.cdf(at) for chance, own in zip(made.places(entry), beta, strict=True))
        np.testing.assert_allclose(reached, u, atol=1e-12)
        assert law.support() == (2.0, 5.0)
        assert abs(points[entry].mean() - float(made.mean(entry))) < 5 * spread(law) / np.sqrt(20_000)
        assert points[entry].std() == pytest.approx(spread(law), rel=0.03)


def test_a_name_without_rivals_is_uniform_and_a_total_order_gives_beta_laws() -> None:
    u = np.linspace(0, 1, 11)

    np.testing.assert_allclose(ranking("r", [["a"]]).law("a").quantile(u), u, atol=1e-15)
    middle = ranking("r", [["a", "b", "c"]]).law("b")
    np.testing.assert_allclose(middle.quantile(u), stats.beta(2, 2).ppf(u), atol=1e-12)
    assert middle.describe() == "on [0, 1], known by its order alone: 2nd best of 3"


def test_tied_names_are_equal_and_others_strictly_ordered_in_every_draw() -> None:
    points = ranking("r", BOWTIE).points(np.random.default_rng(0).random((200_000, 5)))

    assert np.array_equal(points["b"], points["c"])
    for better, worse in (("a", "b"), ("b", "d"), ("e", "f"), ("e", "d")):
        assert (points[better] > points[worse]).all()


def test_ranked_numbers_cannot_be_drawn_without_their_ranking() -> None:
    made = ranking("r", [["a", "b"]])

    with pytest.raises(InputError, match="no law apart from its ranking"):
        sample(made.parameters, 3, seed=0)
    assert Joint(made.parameters, (), (made,)).factors == {"r": (0, 1)}
    for places in ([0.5, 0.4], [1.5, -0.5]):
        with pytest.raises(InputError, match="chances that sum to 1"):
            Law("ranked", low=0, high=1, places=places)
    with pytest.raises(InputError, match="low 1 is not clearly below high 1"):
        ranking("r", [["a", "b"]], low=Fraction(1), high=Fraction(1))


# Models


def game(row: list[list[str]], column: list[list[str]], rankings: str, more: str = "") -> Model:
    """A game of two players whose payoffs are written cell by cell."""

    def cells(payoffs: list[list[str]]) -> str:
        return "[" + ", ".join("[" + ", ".join(line) + "]" for line in payoffs) + "]"

    actions = [[f"{player}{place}" for place in range(size)] for player, size in (("r", len(row)), ("c", len(row[0])))]
    return read(
        "format: gametheory/1\ntitle: An ordinal game\nform: strategic\n"
        f"players:\n  row: {{actions: [{', '.join(actions[0])}]}}\n  column: {{actions: [{', '.join(actions[1])}]}}\n"
        f"rankings:\n{rankings}payoffs:\n  row: {cells(row)}\n  column: {cells(column)}\n{more}"
    )


def ranked(name: str, chains: list[Chain], more: str = "") -> str:
    written = str([list(chain) for chain in chains]).replace("'", "")
    return f"  {name}: {{chains: {written}, meaning: m, source: analyst assumption, mark: A{more}}}\n"


def both(*names: str) -> str:
    """The rankings of two players by one total order of four names each."""
    return ranked("rows", [[f"r_{name}" for name in names]]) + ranked("columns", [[f"c_{name}" for name in names]])


def prisoners() -> Model:
    row = [["r_peace", "r_fall"], ["r_lead", "r_race"]]
    column = [["c_peace", "c_lead"], ["c_fall", "c_race"]]
    return game(row, column, both("lead", "peace", "race", "fall"))


CHICKEN = {
    "row": [["r_truce", "r_loss"], ["r_win", "r_crash"]],
    "column": [["c_truce", "c_win"], ["c_loss", "c_crash"]],
}
CLAIMS = """\
measures:
  crash: {probability: {row: [r1], column: [c1]}}
claims:
  rare: {text: crashes are rare, holds: {measure: crash, at_most: 0.999}}
  peace: {text: both swerve, holds: {expect: {row: [r0], column: [c0]}}}
"""


def chicken(more: str = CLAIMS) -> Model:
    return game(CHICKEN["row"], CHICKEN["column"], both("win", "truce", "loss", "crash"), more)


def verdicts(model: Model, about: str = "equilibrium", **options: Any) -> dict[tuple[str, str], str]:
    """Verdict of each proved row by order of play and subject."""
    frame = ordinal(model, samples=50, **options)
    chosen = frame[(frame["about"] == about) & frame["proved"]]
    return {(str(r["order"]), str(r["subject"])): str(r["verdict"]) for r in chosen.to_dict("records")}


def test_the_prisoners_dilemma_has_one_equilibrium_whatever_the_numbers() -> None:
    frame = ordinal(prisoners(), samples=500)

    proved = frame[frame["proved"] & (frame["verdict"] == "necessary")]
    assert proved["subject"].tolist() == ["r1, c1"] * 3 + ["row: r1 over r0", "column: c1 over c0"]
    assert proved["about"].tolist()[-2:] == ["strictly dominates"] * 2
    assert (frame[frame["about"] == "one solution"]["verdict"] == "in all draws").all()


def test_chicken_has_two_equilibria_in_actions_whatever_the_numbers_and_a_mixed_one_in_all_draws() -> None:
    frame = ordinal(chicken(), samples=1_000)

    simultaneous = frame[(frame["about"] == "equilibrium")].set_index("subject")
    assert simultaneous["verdict"].to_dict() == {
        "r0, c1": "necessary",
        "r1, c0": "necessary",
        "r0, c0": "impossible",
        "r1, c1": "impossible",
        "r0+r1, c0+c1": "in all draws",
    }
    mixed = simultaneous.loc["r0+r1, c0+c1"]
    assert not mixed["proved"]
    assert mixed["exceptions"] == pytest.approx(3 / 1_000)
    first = frame[(frame["about"] == "path") & (frame["verdict"] == "necessary")]
    assert dict(zip(first["order"], first["subject"], strict=True)) == {"row": "r1, c0", "column": "r0, c1"}


def test_claims_and_measures_are_never_called_proved() -> None:
    frame = ordinal(chicken(), samples=1_000)

    rest = frame[frame["about"].isin(["claim in all", "claim in some", "measure", "one solution"])]
    assert not rest["proved"].any()
    claim = rest.set_index(["about", "subject"])["verdict"]
    assert claim["claim in all", "rare"] == claim["claim in some", "rare"] == "in all draws"
    assert claim["claim in some", "peace"] == "in no draw"
    measure = rest[rest["about"] == "measure"].iloc[0]
    assert 0.0 == measure["lower"] < 0.9 < measure["upper"] < 1.0
    assert measure["exceptions"] > 3 / 1_000


def test_an_order_that_leaves_names_open_leaves_equilibria_open() -> None:
    names = ranked("rows", [["r_win", "r_truce", "r_crash"], ["r_truce", "r_loss"]])
    names += ranked("columns", [["c_win", "c_truce", "c_loss", "c_crash"]])
    model = game(CHICKEN["row"], CHICKEN["column"], names)

    frame = ordinal(model, samples=2_000)

    equilibria = frame[frame["about"] == "equilibrium"].set_index("subject")
    first = equilibria.loc["r0, c1"]
    assert equilibria["verdict"]["r1, c0"] == "necessary"
    assert (first["verdict"], first["because"]) == ("possible", "if r_loss > r_crash")
    assert equilibria["verdict"]["r1, c1"] == "impossible"
    assert 0.45 < first["held"] / first["draws"] < 0.55


def pure(payoffs: FloatArray) -> set[tuple[int, int]]:
    """Equilibria in actions of a game ``[player, a1, a2]``, by definition."""
    found = set()
    for a, b in np.ndindex(*payoffs.shape[1:]):
        if payoffs[0, :, b].max() <= payoffs[0, a, b] and payoffs[1, a, :].max() <= payoffs[1, a, b]:
            found.add((a, b))
    return found


def led(payoffs: FloatArray, leader: int) -> set[tuple[int, int]]:
    """Paths of play by either tie rule, by backward induction."""
    own, its = (payoffs[0], payoffs[1]) if leader == 0 else (payoffs[1].T, payoffs[0].T)
    found = set()
    for pick in (max, min):
        replies = [[s for s in range(its.shape[1]) if its[a, s] == its[a].max()] for a in range(len(its))]
        worth = [pick(own[a, s] for s in replies[a]) for a in range(len(its))]
        for a in range(len(its)):
            if worth[a] == max(worth):
                found |= {(a, s) for s in replies[a] if own[a, s] == worth[a]}
    return found if leader == 0 else {(b, a) for a, b in found}


class Ordinal:
    """A random ordinal game, and its payoffs for any values of the names."""

    def __init__(self, seed: int, shape: tuple[int, int], *, shared: bool = False, falls: bool = False) -> None:
        self.generator = np.random.default_rng(seed)
        count = 4 if shape == (2, 2) else 5
        names = [[f"{player}{place}" for place in range(count)] for player in ("x", "x" if shared else "y")]
        chains = [random_chains(self.generator, own, chains=1 + seed % 2) for own in (names[:1] if shared else names)]
        self.orders = [order_of(own) for own in chains]
        self.shared, self.signs = shared, (1, -1 if falls else 1)
        self.cells = [self.generator.choice(own, size=shape).tolist() for own in names]
        written = [
            [[f"{'-' if s < 0 else ''}{n}" for n in line] for line in c]
            for s, c in zip(self.signs, self.cells, strict=True)
        ]
        self.model = game(written[0], written[1], "".join(ranked(f"order{i}", own) for i, own in enumerate(chains)))

    def payoffs(self, levels: list[tuple[int, ...]]) -> FloatArray:
        """Payoffs where each group of each order has a level, made into numbers at random."""
        values: dict[str, float] = {}
        for order, own in zip(self.orders, levels, strict=True):
            numbers = np.sort(self.generator.lognormal(sigma=2, size=max(own) + 1))
            values |= {name: numbers[own[g]] for g, group in enumerate(order.groups) for name in group}
        return np.array(
            [[[s * values[n] for n in line] for line in c] for s, c in zip(self.signs, self.cells, strict=True)]
        )

    def completions(self) -> Iterator[FloatArray]:
        """Payoffs of every completion, each in three random sets of numbers."""
        for chosen in itertools.product(*map(brute_force, self.orders)):
            for _ in range(3):
                yield self.payoffs([tuple((len(o) - 1 - np.argsort(o)).tolist()) for o in chosen])

    def coincidences(self) -> Iterator[FloatArray]:
        """Payoffs of every order with coincidences."""
        for chosen in itertools.product(*map(weak_orders, self.orders)):
            yield self.payoffs(list(chosen))


KINDS = {
    "2 x 2": ((2, 2), {}),
    "3 x 3": ((3, 3), {}),
    "2 x 2, one ranking for both": ((2, 2), {"shared": True}),
    "3 x 3, one ranking for both": ((3, 3), {"shared": True}),
    "2 x 2, one side wants what the other fears": ((2, 2), {"shared": True, "falls": True}),
    "3 x 3, one side wants what the other fears": ((3, 3), {"shared": True, "falls": True}),
    "3 x 2, payoffs that fall": ((3, 2), {"falls": True}),
}


def games(kind: str, count: int = 8) -> list[Ordinal]:
    """Games whose orders leave something open, but not too much to be searched."""
    shape, options = KINDS[kind]
    found = (Ordinal(seed, shape, **options) for seed in itertools.count(100))
    few = (one for one in found if 3 <= np.prod([count_completions(order) for order in one.orders]) <= 400)
    return list(itertools.islice(few, count))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_proved_of_equilibria_is_what_a_search_of_all_completions_finds(kind: str) -> None:
    met = Counter[str]()
    for one in games(kind):
        found = [pure(payoffs) for payoffs in one.completions()]
        tied = None
        for (_, subject), verdict in verdicts(one.model).items():
            profile = tuple(int(part[1:]) for part in subject.split(", "))
            share = np.mean([profile in own for own in found])
            met[verdict] += 1
            if share:
                assert verdict == ("necessary" if share == 1 else "possible")
            elif one.shared:
                tied = tied if tied is not None else [pure(payoffs) for payoffs in one.coincidences()]
                assert verdict == ("coincidence" if any(profile in own for own in tied) else "impossible")
            else:
                assert verdict == "impossible"
    assert min(met["possible"], met["impossible"]) > 0
    assert met["necessary"] or met["coincidence"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_proved_of_paths_is_what_backward_induction_finds_in_all_completions(kind: str) -> None:
    for one in games(kind, 3):
        found = [[led(payoffs, leader) for payoffs in one.completions()] for leader in (0, 1)]
        for (order, subject), verdict in verdicts(one.model, "path").items():
            profile = tuple(int(part[1:]) for part in subject.split(", "))
            share = np.mean([profile in own for own in found[("row", "column").index(order)]])
            assert verdict == ("necessary" if share == 1 else "possible" if share else "impossible")


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_proved_of_dominance_is_what_a_search_of_all_completions_finds(kind: str) -> None:
    for one in games(kind):
        all_payoffs = list(one.completions())
        shares: dict[tuple[str, str], float] = {}
        for player, (name, letter) in enumerate((("row", "r"), ("column", "c"))):
            tables = [payoffs[player] if player == 0 else payoffs[player].T for payoffs in all_payoffs]
            for a, b in itertools.permutations(range(len(tables[0])), 2):
                subject = f"{name}: {letter}{a} over {letter}{b}"
                strict = [bool((t[a] > t[b]).all()) for t in tables]
                weak = [bool((t[a] >= t[b]).all() and (t[a] > t[b]).any()) for t in tables]
                shares["strictly dominates", subject] = float(np.mean(strict))
                shares["weakly dominates", subject] = float(np.mean(weak))

        told = {about: verdicts(one.model, about) for about in ("strictly dominates", "weakly dominates")}

        for (about, subject), share in shares.items():
            verdict = next((own for (_, s), own in told[about].items() if s == subject), "")
            expected = "necessary" if share == 1 else "possible" if share else ""
            if about == "weakly dominates" and expected == told_strictly(told, subject):
                expected = ""
            assert verdict == expected, (about, subject)


def told_strictly(told: dict[str, dict[tuple[str, str], str]], subject: str) -> str:
    """The verdict on strict dominance, beside which the same on weak dominance is not listed."""
    return next((own for (_, s), own in told["strictly dominates"].items() if s == subject), "")


def test_draws_agree_with_what_is_proved() -> None:
    for kind in KINDS:
        frame = ordinal(games(kind, 1)[0].model, samples=400)
        proved = frame[frame["proved"] & frame["about"].isin(["equilibrium", "path"])]
        assert len(proved)
        assert (proved["held"] == proved["draws"])[proved["verdict"] == "necessary"].all()
        assert (proved["held"] == 0)[proved["verdict"].isin(["impossible", "coincidence"])].all()


def test_payoffs_of_names_alike_scaled_and_shifted_are_compared_and_others_are_not() -> None:
    rows = [["2 * r_truce - 1", "2 * r_loss - 1"], ["2 * r_win - 1", "r_crash / 0.5 - 1"]]
    order = both("win", "truce", "loss", "crash")
    alike = game(rows, CHICKEN["column"], order)
    unlike = game([["2 * r_truce", "r_loss"], ["r_win", "r_crash"]], CHICKEN["column"], order)
    mixed = game([["r_truce + r_loss", "r_loss"], ["r_win", "r_crash"]], CHICKEN["column"], order)
    curved = game([["r_truce ** 2", "r_loss"], ["r_win", "r_crash"]], CHICKEN["column"], order)
    numbers = game([["3", "1"], ["4", "0.5"]], CHICKEN["column"], order)

    assert verdicts(alike) == verdicts(chicken())
    assert verdicts(numbers) == verdicts(chicken())
    for model, reason in ((unlike, "scaled and shifted alike"), (mixed, "not single"), (curved, "take more than")):
        frame = ordinal(model, samples=50)
        assert reason in frame.attrs["compared"]["row"]
        assert frame.attrs["compared"]["column"] == "columns"
        assert not frame[frame["about"].isin(["equilibrium", "path"])]["proved"].any()


def test_constraints_leave_what_is_necessary_proved_and_what_is_possible_to_the_draws() -> None:
    names = ranked("rows", [["r_win", "r_truce", "r_crash"], ["r_truce", "r_loss"]])
    names += ranked("columns", [["c_win", "c_truce", "c_loss", "c_crash"]])
    held = "constraints:\n  bad: {holds: r_crash >= r_loss, source: s, mark: A}\n"
    with pytest.raises(ModelError, match="does not hold at the central values"):
        game(CHICKEN["row"], CHICKEN["column"], names, held.replace("r_crash", "r_crash - 0.01"))
    frame = ordinal(game(CHICKEN["row"], CHICKEN["column"], names, held), samples=500)

    equilibria = frame[frame["about"] == "equilibrium"].set_index("subject")
    assert equilibria["proved"]["r1, c0"]
    ruled_out = equilibria.loc["r0, c1"]
    assert (ruled_out["verdict"], ruled_out["proved"]) == ("in no draw", False)


# Files


SOUND = "rankings:\n  r: {best_to_worst: [p, [q, s], t], meaning: m, source: s, mark: A}\n"
BEGINNING = "format: gametheory/1\ntitle: t\nform: strategic\nplayers: {a: {actions: [x, y]}, b: {actions: [u, v]}}\n"
PARAMETER = (
    "parameters: {k: {value: 1, law: {kind: uniform, low: 0, high: 2}, unit: u, meaning: m, source: s, mark: A}}\n"
)


def text(rankings: str = SOUND, payoff: str = "k * p + t", more: str = "") -> str:
    return f"{BEGINNING}{PARAMETER}{rankings}payoffs: {{a: {payoff}, b: q}}\n{more}"


def test_ranked_names_are_parameters_with_the_origin_of_their_ranking() -> None:
    model = read(text(SOUND.replace("mark: A", "mark: A, low: -1, high: 1, unit: losses, date: 2020")))

    assert list(model.parameters) == ["k", "p", "q", "s", "t"]
    own = model.parameters["q"]
    assert (own.unit, own.source, own.mark, own.date, own.text) == ("losses", "s", "A", "2020", "0")
    assert own.meaning == "q in the order r: m"
    assert model.parameters["p"].exact == Fraction(1, 2)
    assert "p &gt; q = s &gt; t" in model._repr_html_()
    assert model.games(exact=True).exact is not None


def test_the_same_order_written_otherwise_has_the_same_digest_and_the_same_draws() -> None:
    first = read(text())
    other = read(
        text(SOUND.replace("best_to_worst: [p, [q, s], t]", "chains: [[[s, q], t], [p, t], [p, q]], low: 0.0"))
    )
    apart = read(text(SOUND.replace("best_to_worst: [p, [q, s], t]", "chains: [[[s, q], t], [p, t]]")))

    assert first.digest == other.digest != apart.digest
    assert first.sample(5).equals(other.sample(5)[list(first.sample(5))])


@pytest.mark.parametrize("kind", ["random", "latin", "sobol", "pick-freeze"])
def test_every_design_keeps_the_order(kind: str) -> None:
    model = read(text())

    frame = design(model, kind, 300)

    assert (frame["p"] > frame["q"]).all()
    assert (frame["s"] > frame["t"]).all()
    assert (frame["q"] == frame["s"]).all()
    if kind == "pick-freeze":
        assert list(frame.attrs["roles"])[-2:] == ["k", "r"]


MISTAKES = {
    "contradiction": ("t]", "t, p]", "7:37", "rankings.r.best_to_worst, entry 4: puts 't' above 'p'"),
    "broken tie": ("t]", "t, [s, q]]", "7:37", "puts 't' above 's', which stands above it already"),
    "one name tied": ("[q, s]", "[q]", "7:26", "1 entry; expected at least 2"),
    "number": ("t]", "4]", "7:34", "found 4, expected text or a list"),
    "name of a parameter": ("[p", "[k", "7:23", "'k' is already a parameter"),
    "name of a ranking": ("[p", "[r", "7:23", "'r' is already a ranking"),
    "name of a function": ("[p", "[min", "7:23", "'min' is already a function"),
    "word of Python": ("[p", "[if", "7:23", "'if' is a word of Python"),
    "no order": ("best_to_worst: [p, [q, s], t], ", "", "7:3", "write either best_to_worst or chains"),
    "two orders": ("meaning", "chains: [[p]], meaning", "7:3", "write either best_to_worst or chains"),
    "empty range": ("mark: A", "mark: A, low: 2", "7:75", "low 2 is not clearly below high 1"),
    "mark": ("source: s, mark: A", "source: guess, mark: V", "7:71", "mark V says that a source was read"),
    "missing source": ("source: s, ", "", "7:3", "rankings.r.source: is missing"),
    "unknown key": ("meaning", "best: p, meaning", "7:38", "unknown key"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_in_a_ranking_is_told_with_its_place(name: str) -> None:
    old, new, place, sentence = MISTAKES[name]
    source = text(SOUND.replace(old, new, 1), payoff="k")

    found = [str(problem) for problem in problems(source.replace("b: q", "b: k"), "x")]

    assert any(one.startswith(f"x:{place}:") and sentence in one for one in found), found


def test_a_name_stands_in_one_ranking_and_cannot_be_correlated() -> None:
    twice = SOUND + SOUND.replace("rankings:\n  r", "  r2").replace("[p, [q, s], t]", "[p, o]")
    tied = "correlations: [{between: [k, p], rank: 0.5, source: s, mark: A}]\n"

    assert "'p' stands already in 'r'; a name has one order" in str(problems(text(twice), "x")[0])
    assert "stands in a ranking and is drawn with it" in str(problems(text(more=tied), "x")[0])
    many = (
        "rankings: {r: {chains: [" + ", ".join(f"[n{i}]" for i in range(17)) + "], meaning: m, source: s, mark: A}}\n"
    )
    assert "leaves too much open" in str(problems(text(many, payoff="n1").replace("b: q", "b: n2"), "x")[0])


def test_constraints_may_compare_ranked_names() -> None:
    model = read(text(more="constraints: {wide: {holds: p >= 2 * t, source: s, mark: A}}\n"))

    frame = model.sample(500)

    assert (frame["p"] >= 2 * frame["t"]).all()
    assert (frame["q"] > frame["t"]).all()


def test_the_ranking_in_the_notes_of_the_starter_model_can_be_used() -> None:
    lines = starter().splitlines()
    start = lines.index("# rankings:")
    told = [line.removeprefix("# ") for line in lines[start : start + 4]]

    model = read("\n".join([*lines[:start], *told, *lines[start + 4 :]]))

    assert model.rankings["aims_of_west"].describe() == "victory > stalemate = truce > defeat"


# Elsewhere


def test_values_that_leave_the_order_are_warned_of() -> None:
    model = prisoners()

    with pytest.warns(ParameterWarning, match="rows: the values leave the order, which has r_lead > r_peace"):
        model.games(r_lead=0.5)
    with pytest.warns(ParameterWarning, match="r: the values leave the order, which has q == s"):
        read(text()).games(q=0.55)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model.games(r_lead=0.65)
        model.games(model.sample(1_000))


def test_a_ranked_parameter_moves_between_its_neighbours() -> None:
    model = chicken()

    frame = tip(model, "r_truce")

    assert (frame.attrs["low"], frame.attrs["high"]) == (0.4, 0.8)
    with pytest.warns(ParameterWarning, match=r"leaves the order, kept on \[0.4, 0.8\]"):
        tip(model, "r_truce", low=0.1, high=0.9)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert set(flips(model, parameter="r_truce")["r_truce"].between(0.4, 0.8)) == {True}


def test_what_would_leave_the_order_is_refused_with_the_reason() -> None:
    with pytest.raises(InputError, match="q: equal to s in the ranking 'r', and cannot move alone"):
        tip(read(text()), "q")
    with pytest.raises(InputError, match="stand in one ranking, 'rows'"):
        regions(chicken(), "r_win", "r_loss")
    with pytest.raises(InputError, match="r_win is drawn together with others"):
        design(chicken(), "grid", 3, over=["r_win"])
    assert list(design(read(text()), "grid", 3)["k"].round(3)) == [0.333, 1.0, 1.667]


def test_distances_do_not_move_what_is_known_by_order_alone() -> None:
    for frame in (radius(chicken()), least_change(chicken())):
        assert any("only their order is known: r_win" in note for note in frame.attrs["notes"])
