"""What did a solver find in each extensive game of a batch: behaviour, beliefs and the threats that it rests on?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gametheory.games.extensive import ExtensiveGames
from gametheory.games.trees import FloatArray, IntArray, Tree
from gametheory.markup import MOST_ROWS, described
from gametheory.solutions import Certificates, solutions_html

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Threat", "TreeSolutions"]

IN_PLANS = ("nash", "sequence_form")  # concepts of plans, which say nothing of sets that own moves exclude
BY_SUBGAME = "subgame_perfect"  # plans in each subgame, which say nothing of sets that own moves exclude there
SEEN = 1e-12  # beliefs below it are left out of texts


class Threat(NamedTuple):
    """An action that would not be carried out: its information set and place, and what its player would gain else.

    ``alone`` is False where the outcome rests on it only together with the other threats of its solution.
    """

    information_set: int
    action: int
    gain: float
    alone: bool = True

    def _repr_html_(self) -> str:
        """Jupyter's view: the numbers of the set and of the action, and what is gained by not carrying it out."""
        facts: list[tuple[str, object]] = [("number of the information set", self.information_set)]
        facts += [("number of the action", self.action), ("another action gains", self.gain)]
        facts.append(("the outcome rests on it alone", self.alone))
        return described("Threat that would not be carried out", facts)


@dataclass(frozen=True, eq=False, repr=False)
class TreeSolutions:
    """Every solution that was found, as a flat list sorted by game; nothing is padded.

    ``game[s]`` is the game of solution ``s``. ``behaviour[s, move]`` is the probability of each move where its
    information set is reached, defined at every set: where play does not come to it, it is the behaviour that supports
    the solution. ``beliefs[s, node]`` is the probability of a node given its information set (0 at chance nodes and
    ends), and ``reached[s, node]`` the probability that play comes to it. ``payoffs[s, player]`` are expected payoffs.

    ``regret[s]`` is the most that a player could gain: for a concept of plans by another plan for the whole game, for
    the others by another action at one information set, given the beliefs there. ``component`` and ``index`` are those
    of the strategic form where the concept has them. ``threats[s]`` lists the incredible threats on which a Nash
    equilibrium rests that is not sequential, ``idle[s]`` the choices off its path that would not be carried out either
    and without which its outcome stands; ``tags[s]`` says in words what else is known.
    """

    games: ExtensiveGames
    order: str
    concept: str
    game: IntArray
    behaviour: FloatArray
    beliefs: FloatArray
    reached: FloatArray
    payoffs: FloatArray
    regret: FloatArray
    component: IntArray | None
    index: IntArray | None
    certificates: Certificates
    tags: tuple[tuple[str, ...], ...]
    threats: tuple[tuple[Threat, ...], ...]
    idle: tuple[tuple[Threat, ...], ...] = ()

    def __len__(self) -> int:
        """Number of solutions over all games."""
        return len(self.game)

    @property
    def tree(self) -> Tree:
        """The tree that the games share."""
        return self.games.tree

    @property
    def players(self) -> tuple[str, ...]:
        """The players, in the order of the payoffs."""
        return self.games.players

    @property
    def count(self) -> IntArray:
        """Number of solutions of each game: ``int64[game]``."""
        return np.bincount(self.game, minlength=len(self.games)).astype(np.int64)

    @property
    def sets_reached(self) -> FloatArray:
        """Probability that play comes to each information set: ``float64[solution, set]``."""
        columns = [self.reached[:, list(own.nodes)].sum(axis=1) for own in self.tree.sets]
        return np.stack(columns, axis=1) if columns else np.empty((len(self), 0))

    @property
    def open_sets(self) -> NDArray[np.bool_]:
        """Which information sets their player's own behaviour leaves possible: ``bool[solution, set]``."""
        return self.tree.open_sets(self.behaviour)

    @property
    def used(self) -> NDArray[np.bool_]:
        """Which moves are in use: ``bool[solution, move]``.

        A Nash equilibrium says nothing of the information sets that a player's own earlier moves exclude: none of the
        moves there is in use. Nor does a subgame-perfect one where these moves stand in the same smallest subgame.
        """
        used = self.behaviour > 0
        if self.concept not in (*IN_PLANS, BY_SUBGAME):
            return used
        told = self.tree.open_sets(self.behaviour, by_subgame=self.concept == BY_SUBGAME)
        return used & told[:, self.tree.set_of_move]

    def of(self, game: int) -> TreeSolutions:
        """Return the solutions of one game of the batch, as a batch of one game."""
        start, stop = (int(place) for place in np.searchsorted(self.game, [game, game + 1]))
        chosen, own = slice(start, stop), self.certificates
        rows = slice(game, game + 1)
        index_sum = None if own.index_sum is None else own.index_sum[rows]
        return replace(
            self,
            games=self.games[game],
            game=np.zeros(stop - start, dtype=np.int64),
            **{name: getattr(self, name)[chosen] for name in ("behaviour", "beliefs", "reached", "payoffs", "regret")},
            component=None if self.component is None else self.component[chosen],
            index=None if self.index is None else self.index[chosen],
            certificates=Certificates(
                own.verdict[rows], own.found[rows], own.max_regret[rows], index_sum, own.reason[rows]
            ),
            tags=self.tags[chosen],
            threats=self.threats[chosen],
            idle=self.idle[chosen],
        )

    def profile(self, solution: int) -> str:
        """The actions in words, in the order of the information sets: ``demand, 0.25 fight + 0.75 yield``.

        Where a Nash equilibrium says nothing stands ``*``.
        """
        return ", ".join(self._choices(solution))

    def described(self, solution: int) -> str:
        """The same with the names of the information sets: ``start: demand; reply: 0.25 fight + 0.75 yield``."""
        return "; ".join(
            f"{own.name}: {text}" for own, text in zip(self.tree.sets, self._choices(solution), strict=True)
        )

    def _choices(self, solution: int) -> list[str]:
        """What is chosen at each information set."""
        used, parts = self.used[solution], []
        for number, own in enumerate(self.tree.sets):
            chosen = slice(int(self.tree.first_move[number]), int(self.tree.first_move[number + 1]))
            row, places = self.behaviour[solution, chosen], np.flatnonzero(used[chosen]).tolist()
            shown = [own.actions[k] if len(places) == 1 else f"{row[k]:.4g} {own.actions[k]}" for k in places]
            parts.append(" + ".join(shown) or "*")
        return parts

    def belief(self, solution: int) -> str:
        """The beliefs at information sets of several nodes in words, by the moves that lead to each node."""
        parts = []
        for own in self.tree.sets:
            if len(own.nodes) > 1:
                held = [(float(self.beliefs[solution, node]), self.path(node)) for node in own.nodes]
                shown = " + ".join(f"{share:.4g} {path}" for share, path in held if share > SEEN)
                parts.append(f"{own.name}: {shown}")
        return "; ".join(parts)

    def path(self, node: int) -> str:
        """The edges that lead to a node, joined by slashes."""
        steps: list[str] = []
        while (before := int(self.tree.parent[node])) >= 0:
            steps.append(self.tree.labels[before][self.tree.move[node]])
            node = before
        return "/".join(reversed(steps)) or "the start"

    def threat(self, solution: int) -> str:
        """The incredible threats of a solution in words; empty where there is none."""
        choices, parts = self._choices(solution), []
        for number, _, gain, alone in self.threats[solution]:
            own = self.tree.sets[number]
            player, others = self.players[own.player], "" if alone else " (together with the others)"
            parts.append(f"{choices[number]} at {own.name}, where another action pays {player} {gain:.4g} more{others}")
        return "; ".join(parts)

    def frame(self) -> pd.DataFrame:
        """Return a tidy frame, one row a solution, with behaviour and beliefs in words and the verdict of the game."""
        import pandas as pd

        columns: dict[str, Any] = {"game": self.game, "behaviour": [self.described(s) for s in range(len(self))]}
        columns["beliefs"] = [self.belief(s) for s in range(len(self))]
        for number, player in enumerate(self.players):
            columns[f"payoff_{player}"] = self.payoffs[:, number]
        columns["regret"] = self.regret
        columns["threats"] = [self.threat(s) for s in range(len(self))]
        columns["tags"] = [", ".join(words) for words in self.tags]
        columns["verdict"] = self.certificates.verdict[self.game]
        return pd.DataFrame(columns)

    def __repr__(self) -> str:
        """One line: how many solutions of how many games, and their verdicts."""
        return f"<TreeSolutions: {len(self)} of {len(self.games)} games, {self.concept}, {self.certificates!r}>"

    def _repr_html_(self) -> str:
        """Jupyter's view: the first solutions, an information set a line, and the tree as the first plays it."""
        from gametheory.games.tree_layout import MOST_ENDS, Play
        from gametheory.games.tree_svg import tree_in_frame

        frame = self.frame()
        for column in ("behaviour", "beliefs", "threats"):
            frame[column] = frame[column].str.replace("; ", ";\n", regex=False)
        asked = ", ".join(dict.fromkeys((self.concept, self.order)))
        table = solutions_html(asked, frame, self.certificates)
        if any("*" in text for text in frame["behaviour"].head(MOST_ROWS)):
            table += "<p>*: nothing is said of what is done there, because own earlier moves exclude it</p>"
        if not len(self) or len(self.tree.ends) > MOST_ENDS:
            return table
        first, play = int(self.game[0]), Play(self.behaviour[0], self.reached[0])
        title = f"{self.games.title}: {self.described(0)}"
        drawn = tree_in_frame(title, self.tree, self.games.payoffs[first], self.games.chances[first], title, play)
        drawn_one = f"Drawn: the first of {len(self):,} solutions" if len(self) > 1 else "Drawn: the solution"
        order = ", ".join(self.players)
        said = f"{drawn_one}; the thicker a line, the likelier play comes there; payoffs in the order {order}."
        return f"{table}<p>{escape(said)}</p>{drawn}"
