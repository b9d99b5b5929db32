"""What does an action-graph game mean, worked out profile by profile, and which ones are there to try?"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable
from fractions import Fraction

from hypothesis import strategies as st

from gametheory.games import Games

Profile = tuple[int, ...]
Table = dict[Profile, tuple[Fraction, ...]]


class Definition:
    """The meaning of a file, worked out profile by profile of node numbers; knows no wrong file."""

    def __init__(self, text: str) -> None:
        self.words = iter(re.sub(r"#[^\n]*", "", text).replace("[", " ").replace("]", " ").split())
        self.players, self.nodes, functions = self.take(3)
        self.sets = [self.take(size) for size in self.take(self.players)]
        self.neighbours = [self.take(*self.take()) for _ in range(self.nodes + functions)]
        self.functions = [self.function(functions) for _ in range(functions)]
        self.profiles = list(itertools.product(*self.sets))

    def take(self, count: int = 1) -> list[int]:
        return [int(next(self.words)) for _ in range(count)]

    def function(self, functions: int) -> tuple[int, int, list[int]]:
        (kind,) = self.take()
        if kind >= 10:
            (default,) = self.take()
            return kind - 10, default, self.take(self.nodes)
        return (kind, 0, [1] * self.nodes) if kind < 2 else (kind, self.nodes + functions, [*range(self.nodes)])

    def chosen(self, node: int, profile: Profile) -> list[int]:
        """Action nodes below ``node``, as often as players chose them and paths lead to them."""
        if node < self.nodes:
            return [node] * profile.count(node)
        return [leaf for inner in self.neighbours[node] for leaf in self.chosen(inner, profile)]

    def number(self, node: int, profile: Profile) -> int:
        chosen = self.chosen(node, profile)
        if node < self.nodes:
            return len(chosen)
        kind, default, weights = self.functions[node - self.nodes]
        total = self.players * default + sum(weights[leaf] for leaf in chosen)
        told = [weights[leaf] for leaf in chosen if weights[leaf] != default] or [default]
        return [total, int(total > 0), max(told), min(told)][kind]

    def configuration(self, node: int, profile: Profile) -> tuple[int, ...]:
        return tuple(self.number(neighbour, profile) for neighbour in self.neighbours[node])

    def possible(self, node: int) -> list[tuple[int, ...]]:
        return sorted({self.configuration(node, profile) for profile in self.profiles if node in profile})

    def table(self) -> Table:
        payoffs = []
        for node in range(self.nodes):
            if self.take() == [0]:
                payoffs.append({one: Fraction(next(self.words)) for one in self.possible(node)})
            else:
                width = len(self.neighbours[node])
                payoffs.append({tuple(self.take(width)): Fraction(next(self.words)) for _ in range(*self.take())})
        return {
            profile: tuple(payoffs[node][self.configuration(node, profile)] for node in profile)
            for profile in self.profiles
        }


def table_of(game: Games) -> Table:
    """The same table from a game that was read, whose actions are named after their nodes."""
    assert game.exact is not None
    nodes = [[int(action.removeprefix("node_")) for action in own] for own in game.actions]
    places = itertools.product(*(range(len(own)) for own in nodes))
    return {
        tuple(own[at] for own, at in zip(nodes, place, strict=True)): tuple(game.exact[(0, slice(None), *place)])
        for place in places
    }


def with_payoffs(head: str, number: Callable[[], str], kind: Callable[[], int]) -> str:
    """The file that begins with ``head`` and gives each configuration that can occur a payoff, in type 0 or 1."""
    definition = Definition(head)
    lines = []
    for node in range(definition.nodes):
        possible = definition.possible(node)
        if possible and kind() == 0:
            lines.append(" ".join(["0", *(number() for _ in possible)]))
        else:
            rows = [f"[{' '.join(map(str, one))}] {number()}" for one in reversed(possible)]
            lines += [f"1 {len(possible)}", *rows]
    return head + "\n".join([*lines, ""])


@st.composite
def action_graphs(draw: st.DrawFn) -> str:
    """An action-graph game of up to four players, with shared nodes and functions of every type, some nested."""
    rng: random.Random = draw(st.randoms(use_true_random=False))
    players, nodes, functions = rng.randint(1, 4), rng.randint(1, 5), rng.randint(0, 4)
    sets = [sorted(rng.sample(range(nodes), rng.randint(1, min(3, nodes)))) for _ in range(players)]
    signatures: list[str] = []
    neighbours = [rng.choices(range(nodes + functions), k=rng.randint(0, 3)) for _ in range(nodes)]
    for place in range(functions):
        kind = rng.choice([0, 1, 2, 3, 10, 11, 12, 13])
        weights = " ".join(str(rng.randint(0, 4)) for _ in range(nodes))
        fresh = f"{kind} {rng.randint(0, 4)} [{weights}]" if kind >= 10 else str(kind)
        signatures.append(rng.choice([fresh, *signatures]))
        alike = [nodes + other for other in range(place) if signatures[other] == signatures[place]]
        neighbours.append(rng.choices([*range(nodes), *alike], k=rng.randint(0, 4)))
    rows = [[players, nodes, functions], [len(own) for own in sets], *sets, *([len(own), *own] for own in neighbours)]
    head = "\n".join(["#AGG", *(" ".join(map(str, row)) for row in rows), *signatures, ""])
    numbers = ["-3", "0.25", "1/3", "-.5", "7", "1e-2"]
    return with_payoffs(head, lambda: rng.choice([*numbers, str(rng.randint(-99, 99))]), lambda: rng.randint(0, 1))


ROADS = """#AGG
# three drivers, a wide and a narrow road; each road pays by the number of drivers on it
3 2 0
2 2 2
0 1
0 1
0 1
1 0
1 1
0 -1 -2 -3
0 -2 -4 -6
"""

VENDORS = """#AGG
# Ice cream: two vendors of chocolate and one of vanilla at two places, and one who sells either.
4
# chocolate here, chocolate there, vanilla here, vanilla there; then all vendors here, all there, and anyone at all
4
3
2 2 2 4
0 1
0 1
2 3
0 1 2 3
# arcs
3 0 4 5
3 1 5 4
3 2 4 5
4 3 5 4 6
2 0 2
2 1 3
2 4 5
# types
0 0 0
# payoffs
"""

BIDS = """#AGG
# three bidders with nested sums, highest and lowest bids, and weighted prices
3 3 9
3 3 2
0 1 2
0 1 2
0 2
4 3 5 7 10
4 4 6 8 9
3 5 6 9
1 0
2 3 1
3 0 1 2
2 0 1
2 2 0
2 0 1
2 1 2
2 0 2
2 0 2
0 0
2 3
11 0 [0 1 0]
10 1 [5 0 2]
12 7 [9 4 7]
13 0 [3 0 8]
1
"""
