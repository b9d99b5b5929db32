"""What did a solver find in each game of a batch, and how sure is it?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gametheory.games.strategic import FloatArray, Games
from gametheory.kernels.tags import tag_columns
from gametheory.markup import MOST_ROWS, described, tabulated

if TYPE_CHECKING:
    import pandas as pd

IntArray = NDArray[np.int64]
TextArray = NDArray[np.object_]  # of str: many games share few texts
Support = tuple[tuple[int, ...], ...]  # per player, the numbers of the actions in use
ExactStrategies = tuple[tuple[Fraction, ...], ...]  # per player, the probability of each action

UNKNOWN = int(np.iinfo(np.int64).min)  # an index, component or index sum that could not be told
WORD = 64  # actions that one word of a support holds
COMPLETE, DEGENERATE, PARTIAL, FAILED = "complete", "degenerate-complete", "partial", "failed"
VERDICTS = (COMPLETE, DEGENERATE, PARTIAL, FAILED)
MEANINGS = MappingProxyType(
    {
        COMPLETE: "every equilibrium is listed",
        DEGENERATE: "the game has ties: every extreme equilibrium is listed, and all others are mixtures of them",
        PARTIAL: "what is listed is sound, and more may exist",
        FAILED: "no sound answer",
    }
)


@dataclass(frozen=True)
class Certificate:
    """How far the answer for one game is proved.

    ``complete``: every equilibrium is listed. ``degenerate-complete``: the game has ties; every extreme equilibrium is
    listed and all others are mixtures of them. ``partial``: what is listed is sound, more may exist. ``failed``: no
    sound answer; ``reason`` says why.
    """

    verdict: str
    found: int
    max_regret: float
    index_sum: int | None
    reason: str

    def _repr_html_(self) -> str:
        """Jupyter's view: the verdict with what it means, and what was found."""
        facts = [("verdict", f"{self.verdict}: {MEANINGS.get(self.verdict, '')}"), ("solutions found", self.found)]
        facts += [("largest regret", self.max_regret), ("sum of the indices", self.index_sum), ("reason", self.reason)]
        return described("Certificate", facts)


@dataclass(frozen=True, eq=False, repr=False)
class Certificates:
    """One certificate a game, as columns; indexing by a whole number gives the Certificate of that game.

    ``index_sum`` is None where no game has one, and `UNKNOWN` for the games of which it could not be told.
    """

    verdict: TextArray
    found: IntArray
    max_regret: FloatArray
    index_sum: IntArray | None
    reason: TextArray

    def __len__(self) -> int:
        """Number of games."""
        return len(self.verdict)

    def __iter__(self) -> Iterator[Certificate]:
        """The certificates in the order of the games."""
        return (self[game] for game in range(len(self)))

    def __getitem__(self, game: int) -> Certificate:
        """Return the certificate of one game."""
        total = UNKNOWN if self.index_sum is None else int(self.index_sum[game])
        return Certificate(
            str(self.verdict[game]),
            int(self.found[game]),
            float(self.max_regret[game]),
            None if total == UNKNOWN else total,
            str(self.reason[game]),
        )

    def __repr__(self) -> str:
        """How many games have which verdict."""
        counts = [f"{int((self.verdict == verdict).sum())} {verdict}" for verdict in VERDICTS]
        return f"<Certificates: {', '.join(text for text in counts if not text.startswith('0 '))}>"

    def _repr_html_(self) -> str:
        """Jupyter's view: how many games have which verdict, what that means, and for which reasons."""
        counted = Counter(zip(self.verdict.tolist(), self.reason.tolist(), strict=True))
        most = sorted(counted.items(), key=lambda item: (VERDICTS.index(item[0][0]), -item[1], item[0]))
        rows = [(verdict, games, MEANINGS[verdict], reason) for (verdict, reason), games in most[:MOST_ROWS]]
        heads = ("verdict", "games", "meaning", "reason")
        return tabulated(f"Certificates of {_games(len(self))}", heads, rows, more=len(most) - len(rows))


@dataclass(frozen=True, eq=False, repr=False)
class Solutions:
    """Every solution that was found, as a flat list sorted by game; nothing is padded.

    ``game[s]`` is the game of solution ``s`` and ``strategies[player][s]`` its strategy, a probability for each of the
    player's actions; ``payoffs[s, player]`` are expected payoffs and ``regret[s]`` the most that a player could gain by
    deviating. ``component[s]`` numbers the connected components of a game's equilibria from 0 and ``index[s]`` is the
    index of that component. Both are `UNKNOWN` for all solutions of a game of which the index of some component could
    not be told (``told[game]`` says where they are known), and None where that holds for every game or the concept has
    none (a leader moves first). ``tie_rule`` says ``"strong"`` or ``"weak"`` (or both) where the follower's choice
    among equally good replies matters to a leader. ``exact`` holds the strategies as fractions when they were asked
    for.
    """

    games: Games
    order: str
    concept: str
    game: IntArray
    strategies: tuple[FloatArray, ...]
    payoffs: FloatArray
    regret: FloatArray
    index: IntArray | None
    component: IntArray | None
    certificates: Certificates
    tie_rule: tuple[str, ...] | None = None
    exact: tuple[ExactStrategies, ...] | None = field(default=None)

    def __len__(self) -> int:
        """Number of solutions over all games."""
        return len(self.game)

    @property
    def players(self) -> tuple[str, ...]:
        """The players, in the order of the action axes."""
        return self.games.players

    @property
    def actions(self) -> tuple[tuple[str, ...], ...]:
        """The actions of each player."""
        return self.games.actions

    @property
    def count(self) -> IntArray:
        """Number of solutions of each game: ``int64[game]``."""
        return np.bincount(self.game, minlength=len(self.games)).astype(np.int64)

    @cached_property
    def supports(self) -> tuple[NDArray[np.uint64], ...]:
        """Per player the actions in use, one bit an action: ``uint64[solution]``.

        For a player with more than 64 actions ``uint64[solution, word]``, 64 actions a word.
        """
        return tuple(_bits(own > 0) if own.shape[1] <= WORD else _words(own > 0) for own in self.strategies)

    @cached_property
    def told(self) -> NDArray[np.bool_]:
        """Whether index and component of the game's solutions are known: ``bool[game]``."""
        known = np.full(len(self.games), self.index is not None and self.component is not None)
        if self.index is not None:
            known[self.game[self.index == UNKNOWN]] = False
        return known

    @cached_property
    def pure(self) -> NDArray[np.bool_]:
        """Whether every player plays one action for certain: ``bool[solution]``."""
        return np.asarray(np.logical_and.reduce([(own > 0).sum(axis=1) == 1 for own in self.strategies]))

    @cached_property
    def tags(self) -> tuple[tuple[str, ...], ...]:
        """What can be said of each solution in a word; `gametheory.kernels.tags` defines the words.

        A leader order adds ``strong`` or ``weak`` where the solution rests on the follower breaking ties for, or
        against, the leader.
        """
        columns = tag_columns(self.games.payoffs, self.game, self.strategies, self.payoffs, self.index)
        told = self.told[self.game]
        columns = {word: holds if word == "pure" else holds & told for word, holds in columns.items()}
        words = [[word for word, holds in columns.items() if holds[s]] for s in range(len(self))]
        if self.tie_rule is not None:
            words = [own + rule.split() for own, rule in zip(words, self.tie_rule, strict=True)]
        return tuple(tuple(own) for own in words)

    def of(self, game: int) -> Solutions:
        """Return the solutions of one game of the batch, as a batch of one game."""
        start, stop = (int(place) for place in np.searchsorted(self.game, [game, game + 1]))
        chosen = slice(start, stop)
        certificates, told = self.certificates, bool(self.told[game])
        return replace(
            self,
            games=self.games[game],
            game=np.zeros(stop - start, dtype=np.int64),
            strategies=tuple(own[chosen] for own in self.strategies),
            payoffs=self.payoffs[chosen],
            regret=self.regret[chosen],
            index=self.index[chosen] if told and self.index is not None else None,
            component=self.component[chosen] if told and self.component is not None else None,
            certificates=Certificates(
                certificates.verdict[game : game + 1],
                certificates.found[game : game + 1],
                certificates.max_regret[game : game + 1],
                certificates.index_sum[game : game + 1] if told and certificates.index_sum is not None else None,
                certificates.reason[game : game + 1],
            ),
            tie_rule=None if self.tie_rule is None else self.tie_rule[chosen],
            exact=None if self.exact is None else self.exact[chosen],
        )

    def support(self, solution: int) -> Support:
        """Return the numbers of the actions in use, a tuple a player."""
        return tuple(tuple(int(a) for a in np.flatnonzero(own[solution] > 0)) for own in self.strategies)

    def profile(self, solution: int) -> str:
        """Return the strategies in words: ``surge, carry_on``, or ``0.25 hold + 0.75 fold, hold`` where mixed."""
        texts = []
        for player, own in enumerate(self.strategies):
            used = np.flatnonzero(own[solution] > 0)
            labels = self.actions[player]
            if len(used) == 1:
                texts.append(labels[used[0]])
            else:
                texts.append(" + ".join(f"{self._weight(solution, player, int(a))} {labels[a]}" for a in used))
        return ", ".join(texts)

    def _weight(self, solution: int, player: int, action: int) -> str:
        """One probability in words: a fraction where it is known exactly, else four digits."""
        if self.exact is not None:
            return str(self.exact[solution][player][action])
        return f"{self.strategies[player][solution, action]:.4g}"

    def signatures(self) -> tuple[IntArray, tuple[tuple[Support, ...], ...]]:
        """Group the games by their set of equilibrium supports: the class of each game, and what each class holds.

        A class is a sorted tuple of supports; two games are in one class when exactly the same supports carry their
        solutions. A game without solutions has the empty class.
        """
        key, supports = self._support_numbers()
        order = np.lexsort((key, self.game))
        game, key = self.game[order], key[order]
        fresh = np.ones(len(game), dtype=bool)
        fresh[1:] = (game[1:] != game[:-1]) | (key[1:] != key[:-1])
        game, key = game[fresh], key[fresh]
        count = np.bincount(game, minlength=len(self.games))
        start = np.concatenate([[0], np.cumsum(count)[:-1]])
        found: dict[tuple[int, ...], NDArray[np.intp]] = {}
        for size in np.unique(count):
            members = np.flatnonzero(count == size)
            rows = key[start[members][:, np.newaxis] + np.arange(size)]
            distinct, inverse = np.unique(rows, axis=0, return_inverse=True)
            for number, row in enumerate(distinct):
                found[tuple(int(k) for k in row)] = members[inverse.reshape(-1) == number]
        classes = np.empty(len(self.games), dtype=np.int64)
        names = sorted(found, key=lambda row: [supports[k] for k in row])
        for number, row in enumerate(names):
            classes[found[row]] = number
        return classes, tuple(tuple(sorted(supports[k] for k in row)) for row in names)

    def _support_numbers(self) -> tuple[IntArray, list[Support]]:
        """Number the distinct supports: the number of each solution's, and what each number means."""
        stacked = np.column_stack(self.supports)
        if sum(self.games.shape) < WORD:
            bits = np.concatenate([[0], np.cumsum(self.games.shape)[:-1]]).astype(np.uint64)
            _, first, inverse = np.unique((stacked << bits).sum(axis=1), return_index=True, return_inverse=True)
        else:
            _, first, inverse = np.unique(stacked, axis=0, return_index=True, return_inverse=True)
        return inverse.reshape(-1).astype(np.int64), [self.support(int(k)) for k in first]

    def components(self, game: int = 0) -> list[list[int]]:
        """Return the solutions of each component of one game, as positions in ``of(game)``."""
        component = self.of(game).component
        if component is None:
            return []
        return [np.flatnonzero(component == k).tolist() for k in np.unique(component)]

    def subsets(self, game: int = 0) -> list[tuple[tuple[int, ...], ...]]:
        """Return the maximal Nash subsets of one two-player game: every mixture inside one is an equilibrium.

        A subset lists, for each player, positions among that player's distinct strategies in the order of their first
        appearance. Each is a maximal biclique of the graph whose edges are the extreme equilibria (Jansen 1981).
        With more than two players every solution stands alone.
        """
        own = self.of(game)
        places = [distinct_positions(strategies) for strategies in own.strategies]
        edges = list(zip(*places, strict=True))
        if len(self.players) != 2 or own.component is None:
            return [tuple((place,) for place in edge) for edge in edges]
        return maximal_bicliques(edges)

    def frame(self) -> pd.DataFrame:
        """Return a tidy frame, one row a solution, with the strategies in words and the verdict of the game."""
        import pandas as pd

        columns: dict[str, Any] = {"game": self.game, "profile": [self.profile(s) for s in range(len(self))]}
        for number, player in enumerate(self.players):
            columns[f"payoff_{player}"] = self.payoffs[:, number]
        columns["regret"] = self.regret
        if self.index is not None and self.component is not None:
            hidden = ~self.told[self.game]
            for name, column in (("index", self.index), ("component", self.component)):
                columns[name] = pd.arrays.IntegerArray(column, hidden) if hidden.any() else column
        columns["tags"] = [", ".join(words) for words in self.tags]
        columns["verdict"] = self.certificates.verdict[self.game]
        return pd.DataFrame(columns)

    def __repr__(self) -> str:
        """One line: how many solutions of how many games, and their verdicts."""
        return f"<Solutions: {len(self)} of {len(self.games)} games, order {self.order}, {self.certificates!r}>"

    def _repr_html_(self) -> str:
        """Jupyter's view: the first solutions as a table below the verdicts, and what a certificate means."""
        return solutions_html(f"{self.concept}, {self.order}", self.frame(), self.certificates)


def solutions_html(asked: str, frame: pd.DataFrame, certificates: Certificates) -> str:
    """The first solutions of a batch as a captioned table: ``asked`` are concept and order, a row is a solution.

    Of a single game the certificate stands below in full, in place of columns that would say the same in each row;
    columns without a word in them are left out.
    """
    alone = len(certificates) == 1
    told = frame.drop(columns=["game", "verdict"]) if alone else frame
    told = told.loc[:, [not (len(told) and (told[name] == "").all()) for name in told.columns]]
    rows = told.head(MOST_ROWS).astype(object).to_numpy().tolist()
    counted = f"{len(frame):,} solution{'' if len(frame) == 1 else 's'} of {_games(len(certificates))}"
    caption = f"{asked}: {counted}, {repr(certificates).partition(': ')[2][:-1]}"
    table = tabulated(caption, list(told.columns), rows, more=len(frame) - len(rows))
    if not alone:
        return table
    only = certificates[0]
    return f"{table}<p>{escape(f'{only.verdict}: {MEANINGS[only.verdict]} ({only.reason})')}</p>"


def _games(count: int) -> str:
    """A number of games in words."""
    return f"{count:,} game" if count == 1 else f"{count:,} games"


def _bits(used: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """At most 64 columns as the bits of one word: ``uint64[row]``."""
    return np.asarray(used.astype(np.uint64) @ (np.uint64(1) << np.arange(used.shape[1], dtype=np.uint64)))


def _words(used: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Any number of columns as the bits of several words: ``uint64[row, word]``.

    >>> _words(np.arange(130)[np.newaxis] % 64 == 1).tolist()
    [[2, 2, 2]]
    """
    return np.stack([_bits(used[:, first : first + WORD]) for first in range(0, used.shape[1], WORD)], axis=1)


def distinct_positions(strategies: FloatArray) -> list[int]:
    """Number equal rows alike, in the order of their first appearance.

    >>> distinct_positions(np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]))
    [0, 1, 0]
    """
    known: dict[tuple[float, ...], int] = {}
    return [known.setdefault(tuple(row), len(known)) for row in strategies.tolist()]


def maximal_bicliques(edges: Sequence[tuple[int, ...]]) -> list[tuple[tuple[int, ...], ...]]:
    """Return every maximal biclique of a bipartite graph given by its edges ``(left, right)``.

    >>> maximal_bicliques([(0, 0), (0, 1), (1, 1)])
    [((0,), (0, 1)), ((0, 1), (1,))]
    """
    neighbours: dict[int, frozenset[int]] = {}
    for left, right in edges:
        neighbours[left] = neighbours.get(left, frozenset()) | {right}
    closed: set[frozenset[int]] = set()
    for right_side in neighbours.values():
        closed |= {right_side} | {right_side & other for other in closed}
    return sorted(
        (tuple(sorted(left for left, own in neighbours.items() if own >= right_side)), tuple(sorted(right_side)))
        for right_side in closed
        if right_side
    )
