"""Are trees, their plans and their strategic forms what the textbooks say, and do files keep them to the last digit?"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from gametheory.errors import InputError, ModelError, ParameterWarning, UnknownNameError
from gametheory.formats import format_efg, parse_efg, read_game, write_game
from gametheory.games import CHANCE, END, ExactTree, ExtensiveGames, Games, InformationSet, Tree, strategic
from gametheory.games.plans import plan_count
from gametheory.games.tree_layout import layout
from gametheory.games.tree_svg import tree_svg
from tests.tree_library import grow

ENTRY = ("entry", 0, {"out": (0, 2), "in": ("reply", 1, {"yield": (1, 1), "fight": (-1, -1)})})
TWO_STEPS = (
    "first",
    0,
    {
        "left": ("second", 1, {"a": (1, 1), "b": ("third", 0, {"c": (2, 2), "d": (3, 3)})}),
        "right": ("fourth", 0, {"e": (4, 4), "f": (5, 5)}),
    },
)
FORGETFUL = (
    "first",
    0,
    {"left": ("later", 0, {"a": (1, 0), "b": (0, 0)}), "right": ("later", 0, {"a": (0, 0), "b": (1, 0)})},
)


@st.composite
def trees(draw: st.DrawFn) -> ExtensiveGames:
    """Random games of perfect recall on small trees: nodes of one player at one depth may share an information set."""
    count = draw(st.integers(1, 3))
    numbers = st.fractions(-5, 5, max_denominator=8)
    made = [0]

    def node(depth: int, path: tuple[Any, ...]) -> Any:
        kind = draw(st.integers(0, 3)) if depth < 3 else 0
        if depth and not kind:
            return tuple(draw(numbers) for _ in range(count))
        made[0] += 1
        size = draw(st.integers(1, 3))
        if kind == 1 and depth:
            weights = draw(st.lists(st.integers(0, 4), min_size=size, max_size=size).filter(any))
            shares = [Fraction(weight, sum(weights)) for weight in weights]
            return ("chance", {f"c{k}": (share, node(depth + 1, path)) for k, share in enumerate(shares)})
        player = draw(st.integers(0, count - 1))
        own = tuple(step for step in path if step[0] == player)
        name = f"{player}|{own}|{size}" if draw(st.booleans()) else f"set{made[0]}"
        return (name, player, {f"m{k}": node(depth + 1, (*path, (player, name, k))) for k in range(size)})

    return grow([f"p{k}" for k in range(count)], node(0, ()))


def expected_by_walking(games: ExtensiveGames, chosen: dict[int, int]) -> list[float]:
    """Expected payoffs where every information set takes one action: a walk down the tree, node by node."""
    tree, ends = games.tree, games.tree.ends.tolist()

    def walk(node: int) -> np.ndarray[Any, Any]:
        if tree.owner[node] == END:
            return np.array(games.payoffs[0][:, ends.index(node)])
        children = tree.children[node]
        if tree.owner[node] == CHANCE:
            return np.asarray(sum(games.chances[0, child] * walk(child) for child in children))
        return walk(children[chosen[int(tree.set_of[node])]])

    return [float(value) for value in walk(0)]


@given(trees())
@settings(max_examples=60)
def test_the_strategic_form_pays_what_a_walk_down_the_tree_pays(games: ExtensiveGames) -> None:
    if games.tree.forgets or max(plan_count(games.tree, k) for k in range(len(games.players))) > 40:
        return
    table, plans = games.strategic(), games.plans

    for profile in list(product(*map(range, table.shape)))[:50]:
        chosen = {}
        for player, plan in enumerate(profile):
            for number, place in zip(games.tree.sets_of(player), plans[player][plan].tolist(), strict=True):
                chosen[number] = max(place, 0)
        expected = expected_by_walking(games, chosen)
        assert np.allclose(table.payoffs[0][(slice(None), *profile)], expected, rtol=0, atol=1e-12)


@given(trees())
@settings(max_examples=60)
def test_reduced_plans_are_the_classes_of_full_plans_that_own_moves_tell_apart(games: ExtensiveGames) -> None:
    tree = games.tree
    for player in range(len(tree.players)):
        own = tree.sets_of(player)
        if tree.forgets or np.prod([len(tree.sets[k].actions) for k in own]) > 500:
            continue
        reduced = set()
        for full in product(*(range(len(tree.sets[k].actions)) for k in own)):
            chosen, seen = dict(zip(own, full, strict=True)), set()
            for node in range(len(tree)):
                if tree.owner[node] == player:
                    path, at = True, node
                    while (before := int(tree.parent[at])) >= 0:
                        path &= tree.owner[before] != player or chosen[int(tree.set_of[before])] == tree.move[at]
                        at = before
                    if path:
                        seen.add(int(tree.set_of[node]))
            reduced.add(tuple(chosen[k] if k in seen else -1 for k in own))
        assert {tuple(plan) for plan in games.plans[player].tolist()} == reduced
        assert len(games.plans[player]) == len(reduced) == plan_count(tree, player)


def test_plans_are_named_by_their_actions_with_stars_where_own_moves_exclude() -> None:
    table = grow(["p", "q"], TWO_STEPS).strategic()

    assert table.actions == (("left.c.*", "left.d.*", "right.*.e", "right.*.f"), ("a", "b"))


def test_the_entry_game_has_the_strategic_form_of_the_textbook() -> None:
    table = grow(["entrant", "incumbent"], ENTRY).strategic()

    assert table.payoffs[0].tolist() == [[[0, 0], [1, -1]], [[2, 2], [1, -1]]]


def test_who_forgets_is_named_with_the_place_and_has_no_plans() -> None:
    games = grow(["p", "q"], FORGETFUL)

    assert games.tree.forgets == "p forgets at later, which is reached after first left and after first right"
    with pytest.raises(InputError, match="p forgets at later.*perfect recall"):
        games.strategic()


def test_an_information_set_met_twice_on_one_path_is_forgetting() -> None:
    games = grow(["p", "q"], ("again", 0, {"stop": (1, 0), "go": ("again", 0, {"stop": (2, 0), "go": (0, 0)})}))

    assert "no move of its own" in games.tree.forgets


def test_too_many_plans_are_refused_before_they_are_listed() -> None:
    branches = {f"b{k}": (0.05, (f"s{k}", 0, {"a": (0,), "b": (1,)})) for k in range(20)}
    games = grow(["p"], ("chance", branches))

    assert plan_count(games.tree, 0) == 2**20
    with pytest.raises(InputError, match="1,048,576 plans.*sequence form"):
        _ = games.plans


def test_a_deep_chain_of_moves_is_counted_without_running_out_of_stack() -> None:
    depth = 3_000
    count = 2 * depth + 1
    parent = np.array([-1, *(k for j in range(depth) for k in (2 * j, 2 * j))])
    nodes = [0, *(node for j in range(depth) for node in (2 * j + 1, 2 * j + 2))]
    assert nodes == list(range(count))
    move = np.array([0, *([0, 1] * depth)])
    inner = {2 * j for j in range(depth)}
    order = [0, *(node for j in range(depth) for node in ((2 * j + 1), (2 * j + 2)))]
    owner = np.array([0 if node in inner else END for node in order])
    set_of = np.array([node // 2 if node in inner else -1 for node in order])
    outcome = np.array([-1 if node in inner else 0 for node in order])
    labels = tuple(("stop", "go") if node in inner else () for node in order)
    sets = tuple(InformationSet(f"s{j}", 0, ("stop", "go"), (2 * j,)) for j in range(depth))

    tree = Tree(("p",), parent, move, owner, set_of, outcome, labels, sets, ("end",))

    assert plan_count(tree, 0) == depth + 1


@given(trees(), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_reach_probabilities_pay_the_same_as_the_strategic_form(games: ExtensiveGames, random: Any) -> None:
    tree = games.tree
    behaviour = np.zeros((1, tree.move_count))
    chosen = {}
    for number, own in enumerate(tree.sets):
        chosen[number] = random.randrange(len(own.actions))
        behaviour[0, tree.first_move[number] + chosen[number]] = 1.0

    reached = tree.reach(behaviour, games.chances)

    assert np.isclose(reached[0, tree.ends].sum(), 1.0)
    assert np.allclose(games.payoffs[0] @ reached[0, tree.ends], expected_by_walking(games, chosen))


def test_what_is_taken_away_leaves_the_rest_of_the_tree_as_it_was() -> None:
    games = grow(["p", "q"], TWO_STEPS)

    left = games.restrict({"first": ["left"], "third": ["d"]})

    assert [own.name for own in left.tree.sets] == ["first", "second", "third"]
    assert left.payoffs[0].tolist() == [[1, 3], [1, 3]]
    assert left.strategic().actions == (("left.d",), ("a", "b"))
    with pytest.raises(UnknownNameError, match="no information set named 'frist'.*first"):
        games.restrict({"frist": ["left"]})
    with pytest.raises(UnknownNameError, match="no action 'lft'.*left"):
        games.restrict({"first": ["lft"]})
    with pytest.raises(InputError, match="no action is left"):
        games.restrict({"first": []})


def test_a_batch_is_indexed_and_stays_closed_to_writing() -> None:
    games = grow(["p", "q"], ENTRY)
    batch = ExtensiveGames(games.tree, np.repeat(games.payoffs, 3, axis=0), np.repeat(games.chances, 3, axis=0))

    assert len(batch[1]) == 1
    assert len(batch[1:]) == 2
    with pytest.raises(IndexError):
        _ = batch[3]
    with pytest.raises(ValueError, match="read-only"):
        batch.payoffs[0, 0, 0] = 1.0
    with pytest.raises(InputError, match="expected \\(1, 5\\)"):
        ExtensiveGames(games.tree, games.payoffs, np.ones((1, 4)))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"parent": np.array([-1, 0, 0, 1, 2])}, "preorder|order"),
        ({"owner": np.array([0, END, 1, END, 1])}, "node 4"),
        ({"set_of": np.array([0, -1, 0, -1, -1])}, "entry|node"),
        ({"outcome": np.array([-1, 0, -1, 1, 9])}, "outcome 9"),
        ({"players": ("a", "a")}, "stands twice"),
    ],
)
def test_parts_that_do_not_fit_together_are_refused(change: dict[str, Any], message: str) -> None:
    tree = grow(["p", "q"], ENTRY).tree
    parts = {name: getattr(tree, name) for name in tree.__dataclass_fields__}

    with pytest.raises(InputError, match=message):
        Tree(**{**parts, **change})


@given(trees())
@settings(max_examples=80)
def test_a_game_written_as_efg_is_read_back_the_same(games: ExtensiveGames) -> None:
    text = format_efg(games)
    again = parse_efg(text)

    assert np.array_equal(again.payoffs, games.payoffs)
    assert np.array_equal(again.tree.parent, games.tree.parent)
    assert np.array_equal(again.chances, games.chances)
    assert again.tree.sets == games.tree.sets
    assert format_efg(parse_efg(format_efg(again))) == format_efg(again)


def test_fractions_survive_the_file_to_the_last_digit(tmp_path: Path) -> None:
    games = grow(["p", "q"], ENTRY)
    payoffs = np.array([[[Fraction(1, 3), Fraction(-2, 7), Fraction(0)], [Fraction(5), Fraction(1, 9), Fraction(1)]]])
    chances = np.full((1, 5), Fraction(1), dtype=object)
    exact = ExtensiveGames(games.tree, payoffs.astype(float), chances.astype(float), "T", ExactTree(payoffs, chances))

    write_game(exact, tmp_path / "game.efg")
    again = read_game(tmp_path / "game.efg")

    assert isinstance(again, ExtensiveGames)
    assert again.exact is not None
    assert again.exact.payoffs.tolist() == payoffs.tolist()
    assert again.title == "T"
    assert again.tree.sets == games.tree.sets
    assert again.strategic().exact is not None


DIALECTS = {
    "names and comments": (
        'EFG 2 R "Title" { "A" "B" }\n"a comment"\n\n'
        'p "root" 1 1 "(1,1)" { "in" "out" } 0 /* here */\n'
        't "" 1 "won" { 1, 2.0 }  # rest\nt "" 2 "lost" { 0 3e0 }\n'
    ),
    "no names": 'EFG 2 R "Title" { "A" "B" } p "root" 1 1 { "in" "out" } 0 t "" 1 { 1 2 } t "" 2 { 0 3 }',
    "decimals and fractions": (
        'EFG 2 D "Title" { "A" "B" } p "" 1 1 { "in" "out" } 0 t "" 1 "x" { 1.000 4/2 } t "" 2 "y" { .0 6/2 }'
    ),
    "outcomes told later": (
        'EFG 2 R "Title" { "A" "B" } p "" 1 1 { "in" "out" } 0 t "" 2 "" { 1 2 } t "" 1 "" { 0 3 }'
    ),
    "payoffs on the way": (
        'EFG 2 R "Title" { "A" "B" } p "" 1 1 { "in" "out" } 3 "fee" { -1 1 } t "" 1 { 2 1 } t "" 2 { 1 2 }'
    ),
}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_of_efg_gives_the_same_game(dialect: str) -> None:
    games = parse_efg(DIALECTS[dialect])

    assert games.title == "Title"
    assert games.players == ("A", "B")
    assert games.tree.sets[0].actions == ("in", "out")
    assert games.payoffs[0].tolist() == [[1, 0], [2, 3]]


def test_an_outcome_is_meant_by_its_number_wherever_its_payoffs_stand() -> None:
    text = 'EFG 2 R "" { "A" } p "" 1 1 { "a" "b" "c" } 0 t "" 1 t "" 1 "end" { 7 } t "" 2 { 1 }'

    games = parse_efg(text)

    assert games.payoffs[0].tolist() == [[7, 7, 1]]
    assert [games.tree.outcomes[k] for k in games.tree.outcome[games.tree.ends]] == ["end", "end", "outcome_2"]


def test_an_information_set_is_meant_by_its_number_once_its_actions_were_told() -> None:
    text = (
        'EFG 2 R "" { "A" "B" } p "" 1 1 "s" { "l" "r" } 0 p "" 2 1 "hidden" { "x" "y" } 0 '
        't "" 1 { 1 1 } t "" 2 { 2 2 } p "" 2 1 0 t "" 3 { 3 3 } t "" 4 { 4 4 }'
    )

    tree = parse_efg(text).tree

    assert tree.sets[1] == InformationSet("hidden", 1, ("x", "y"), (1, 4))
    assert not tree.forgets


def test_empty_and_repeated_labels_get_numbers() -> None:
    text = 'EFG 2 R "" { "" "" } p "" 1 1 "" { "" "" "a" "a" } 0 t "" 0 t "" 0 t "" 0 t "" 0'

    games = parse_efg(text)

    assert games.players == ("player_1", "player_2")
    assert games.tree.sets[0].name == "player_1_1"
    assert games.tree.sets[0].actions == ("1", "2", "a", "a_4")
    assert games.payoffs[0].tolist() == [[0] * 4] * 2


def test_rounded_probabilities_are_scaled_with_a_warning() -> None:
    text = 'EFG 2 R "" { "A" } c "" 1 "" { "x" 0.3333 "y" 0.3333 "z" 0.3333 } 0 t "" 1 { 1 } t "" 2 { 2 } t "" 3 { 3 }'

    with pytest.warns(ParameterWarning, match="sum to 0.9999"):
        games = parse_efg(text)

    assert games.exact is not None
    assert games.exact.chances[0].tolist() == [1, Fraction(1, 3), Fraction(1, 3), Fraction(1, 3)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('NFG 1 R "" { "A" } { 1 } 3', "EFG, the type of the file"),
        ('EFG 2 R "" { "A" }', "expected the nodes of the tree"),
        ('EFG 2 R "" { "A" } p "" 2 1 { "a" } 0 t "" 0', "the number of a player, 1 to 1"),
        ('EFG 2 R "" { "A" } p "" 1 1 { "a" "b" } 0 t "" 0', "expected 1 more branches"),
        ('EFG 2 R "" { "A" } p "" 1 1 { "a" } 0 t "" 0 t "" 0', "complete after 2 nodes"),
        ('EFG 2 R "" { "A" } p "" 1 1 { "a" } 0 t "" 5', "outcome 5 has payoffs nowhere"),
        ('EFG 2 R "" { "A" } p "" 1 1 { "a" } 0 t "" 1 { 1 2 }', "found 2 payoffs, expected 1"),
        ('EFG 2 R "" { "A" } p "" 1 1 { "a" "b" } 0 t "" 1 { 1 } t "" 1 { 2 }', "other payoffs here"),
        ('EFG 2 R "" { "A" } c "" 1 { "a" 0.5 "b" 0.6 } 0 t "" 0 t "" 0', "make 1.1"),
        ('EFG 2 R "" { "A" } c "" 1 { "a" -0.5 "b" 1.5 } 0 t "" 0 t "" 0', "expected 0 to 1"),
        ('EFG 2 R "" { "A" } p "" 1 1 0 t "" 0', "actions of this set stand nowhere"),
        ('EFG 2 R "" { "A" } q "" 1 1 { "a" } 0 t "" 0', "expected a node: c, p or t"),
    ],
)
def test_a_mistake_in_an_efg_file_is_named_with_its_place(text: str, message: str) -> None:
    with pytest.raises(ModelError, match=message) as caught:
        parse_efg(text, "game.efg")

    assert all(problem.line == 1 and problem.column > 0 for problem in caught.value.problems)


def test_a_table_has_no_tree_and_a_tree_can_be_written_as_a_table(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no tree"):
        write_game(strategic([[[3, 0], [5, 1]], [[3, 5], [0, 1]]]), tmp_path / "game.efg")

    write_game(grow(["p", "q"], ENTRY), tmp_path / "game.nfg")
    table = read_game(tmp_path / "game.nfg")

    assert isinstance(table, Games)
    assert table.actions == (("out", "in"), ("yield", "fight"))


@given(trees())
@settings(max_examples=40)
def test_no_part_of_a_drawing_covers_another(games: ExtensiveGames) -> None:
    drawing = layout(games.tree, games.payoffs[0], games.chances[0])
    boxes = [(b.x, b.y - b.height / 2, b.x + b.width, b.y + b.height / 2) for b in drawing.boxes]

    for place, one in enumerate(boxes):
        for other in boxes[:place]:
            assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    heights = sorted(end.y for end in drawing.ends)
    assert all(later - sooner > 0.3 for sooner, later in pairwise(heights))
    assert len(drawing.edges) == len(games.tree) - 1


def test_the_drawing_for_a_notebook_is_xml_with_every_name_escaped() -> None:
    from xml.etree import ElementTree as ET

    games = grow(["<p>", "q & r"], ("s<1>", 0, {"a&b": (1, 2), "c": ("t", 1, {"x": (0, 0)})}))

    root = ET.fromstring(tree_svg(games.tree, games.payoffs[0], games.chances[0], "<title>"))  # noqa: S314  # our own

    texts = {"".join(part.itertext()) for part in root.iter() if part.tag.endswith("text")}
    assert {"<p>", "s<1>", "a&b", "q & r"} <= texts
    assert "<svg" in games._repr_html_()
