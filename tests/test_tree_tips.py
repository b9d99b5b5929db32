"""Are the tipping points of trees those of exact arithmetic, and all of them?"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

from gametheory.analyses import tip
from gametheory.games import ExtensiveGames
from gametheory.model import Model
from gametheory.reader import load, read
from tests.oracle import extreme_equilibria

STEP = 1e-6  # beside a tipping point, where the sets of equilibria are compared


def classes(games: ExtensiveGames) -> set[str]:
    """What the Nash equilibria of a tree of two players use, worked out in fractions; ``*`` where own play excludes."""
    table = games.strategic().fractions(0)
    assert table is not None
    found = set()
    for mixtures in extreme_equilibria(table[0].tolist(), table[1].tolist()):
        words = [""] * len(games.tree.sets)
        for player, weights in enumerate(mixtures):
            for column, number in enumerate(games.tree.sets_of(player)):
                chosen = {int(plan[column]) for plan, w in zip(games.plans[player], weights, strict=True) if w > 0}
                own = games.tree.sets[number].actions
                words[number] = "+".join(own[k] for k in sorted(chosen - {-1})) or "*"
        found.add(", ".join(words))
    return found


def between(ends: tuple[float, float], count: int) -> Iterator[float]:
    low, high = ends
    yield from (low + (high - low) * (k + 0.37) / count for k in range(count))


def hold(model: Model, parameter: str, frame: pd.DataFrame, order: str, places: int) -> None:
    """Check the sets beside each tipping point and at some places between them."""
    low, high = model.parameters[parameter].law.support()
    values, before, after = (frame[name].tolist() for name in ("value", "before", "after"))

    def seen(value: float) -> set[str]:
        return classes(model.trees({parameter: [value]}))

    for value, own, other in zip(values, before, after, strict=True):
        assert seen(value - STEP) == set(own) != set(other) == seen(value + STEP), value
    sets = [set(before[0]), *map(set, after)] if values else [set(frame.attrs["present"][order])]
    for ends, own in zip(zip([low, *values], [*values, high], strict=True), sets, strict=True):
        for value in between(ends, places):
            assert seen(value) == own, value


@pytest.mark.parametrize(
    ("parameter", "order", "tips"),  # with a chance of 0.1 of a firm defender and a gain of 0.5, save for what moves
    [
        ("firm_prior", "subgame_perfect", (1 / 4, 1 / 3, 1 / 2, 2 / 3)),
        pytest.param("gain", "simultaneous", (math.sqrt(0.1), 8 / 9), marks=pytest.mark.slow),
    ],
)
def test_a_challenger_that_may_return_tips_where_exact_arithmetic_says_and_nowhere_else(
    parameter: str, order: str, tips: tuple[float, ...]
) -> None:
    returning = load("returning_challenger")

    frame = tip(returning, parameter, order=order)

    assert frame["value"].tolist() == pytest.approx(tips, abs=1e-8)
    assert not frame["binding"].str.contains("not identified").any()
    hold(returning, parameter, frame, order, places=1)


def offset(text: str, by: int) -> str:
    """The model with a constant added to each of the challenger's payoffs."""
    head, rest = text.split("\noutcomes:\n")
    outcomes, tail = rest.split("\nmeasures:")
    moved = re.sub("challenger: ([^,]+),", rf"challenger: {by} + \1,", outcomes)
    return f"{head}\noutcomes:\n{moved}\nmeasures:{tail}"


@pytest.mark.parametrize("constant", [0, 1_000])
def test_a_sequential_equilibrium_that_ends_between_near_ties_tips_once(constant: int) -> None:
    published = load("returning_challenger")  # holds back where a firm defender is likelier than the square of the gain

    frame = tip(read(offset(published.text, constant)), "gain", order="sequential")

    assert frame["value"].tolist() == pytest.approx([math.sqrt(0.1)], abs=1e-8)
    assert frame["binding"].tolist() == ["challenger: hold_back -> demand at first"]
    assert [len(own) for side in ("before", "after") for own in frame[side]] == [1, 1]


Node = tuple[str, int, dict[str, "Node"]] | None  # an information set, who moves there and what follows; None: an end


def shapes() -> list[Node]:
    """Small trees of two players; at an information set that stands twice chance has drawn a type before."""

    def node(name: str, player: int, **after: Node) -> Node:
        return name, player, after

    last, answer = node("last", 0, l=None, r=None), node("answer", 1, l=None, r=None)
    again = node("answer", 1, yield_=None, fight=node("last", 0, l=None, r=None))
    return [
        node("first", 0, out=None, into=answer),
        node("first", 0, u=answer, m=answer, d=None),
        node("first", 0, out=None, into=node("answer", 1, l=last, r=last)),
        node("first", 0, l=again, r=None),
        node("first", 0, l=answer, r=node("other", 1, l=None, r=None)),
    ]


def drawn(seed: int) -> str:
    """A model of a random shape, with whole payoffs that are linear in ``x``, many of them tied."""
    chance, ends = np.random.default_rng(seed), list[str]()

    def formula() -> str:
        return f"'{chance.integers(-2, 3)} + {chance.choice([0, 0, 0, 1, -1, 2])} * x'"

    def written(node: Node, kind: str) -> str:
        if node is None:
            ends.append(f"  end_{len(ends)}: {{a: {formula()}, b: {formula()}}}")
            return f"end_{len(ends) - 1}"
        name, player, after = node
        place = f"{name}_{kind}" if kind and player == 0 else name  # the first player knows its type
        moves = ", ".join(f"{action}: {written(child, kind)}" for action, child in after.items())
        return f"{{player: {'ab'[player]}, at: {place}, moves: {{{moves}}}}}"

    known = shapes()
    shape = known[chance.integers(len(known))]
    if chance.random() < 0.5:
        tree = written(shape, "")
    else:
        share = chance.choice(["1 / 2", "1 / 3", "x"])
        kinds = zip("ws", (share, f"1 - {share}"), strict=True)
        moves = ", ".join(f"{k}: {{probability: '{p}', then: {written(shape, k)}}}" for k, p in kinds)
        tree = f"{{chance: kind, moves: {{{moves}}}}}"
    parts = "unit: u, meaning: m, source: analyst assumption, mark: A"
    return (
        "format: gametheory/1\ntitle: t\nquestion: q?\nform: extensive\nas_of: 2024-01-01\nplayers: {a: {}, b: {}}\n"
        f"parameters:\n  x: {{value: 0.5, law: {{kind: uniform, low: 0.03, high: 0.97}}, {parts}}}\n"
        f"tree: {tree}\noutcomes:\n" + "\n".join(ends) + "\n"
    )


def check(seed: int) -> int:
    """The number of tipping points of one random model, all of them checked."""
    model = read(drawn(seed))
    orders = ["simultaneous", *["subgame_perfect"] * (model.trees().tree.subgames == (0,))]
    for order in orders:
        frame = tip(model, "x", order=order)
        hold(model, "x", frame, order, places=3)
    return len(frame)


def test_random_trees_tip_where_and_only_where_exact_arithmetic_says() -> None:
    assert sum(map(check, range(7))) > 3


@pytest.mark.slow
@pytest.mark.parametrize("start", range(7, 207, 20))
def test_many_random_trees_tip_where_and_only_where_exact_arithmetic_says(start: int) -> None:
    assert sum(map(check, range(start, start + 20))) > 2
