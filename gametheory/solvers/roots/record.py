"""What was found in each analytic game of a batch, and how far is it proved?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gametheory.games.analytic import AnalyticGames
from gametheory.solutions import Certificates, solutions_html

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ORDER", "AnalyticSolutions"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

ORDER = "equilibrium"  # the only order of play of the form


@dataclass(frozen=True, eq=False, repr=False)
class AnalyticSolutions:
    """Every solution that was found, as a flat list sorted by game and then by the values of the unknowns.

    ``values[s, v]`` are the unknowns and the choice, in the order of the system's ``variables``; a solution lies within
    ``radius[s]`` of them, and is the only one there. ``residual[s]`` is the largest difference between the two sides of
    an equation in doubles, or what a choice on a grid would gain. ``kind[s]`` is the regime and ``label[s]`` the number
    of the name among the system's ``labels``. ``index[s]`` is the sign of the determinant of the equations'
    derivatives: neighbouring roots of one equation have opposite signs; 0 where it is not known or there are no
    equations.
    """

    games: AnalyticGames
    game: IntArray
    values: FloatArray
    radius: FloatArray
    residual: FloatArray
    kind: IntArray
    label: IntArray
    index: IntArray
    certificates: Certificates
    order: str = ORDER
    concept: str = ORDER

    def __len__(self) -> int:
        """Number of solutions over all games."""
        return len(self.game)

    @property
    def count(self) -> IntArray:
        """Number of solutions of each game: ``int64[game]``."""
        return np.bincount(self.game, minlength=len(self.games)).astype(np.int64)

    @property
    def variables(self) -> dict[str, FloatArray]:
        """The unknowns and the choice by name, ``float64[solution]`` each."""
        return {name: self.values[:, place] for place, name in enumerate(self.games.system.variables)}

    @cached_property
    def quantities(self) -> dict[str, FloatArray]:
        """The quantities of the model by name, ``float64[solution]`` each."""
        formulas = list(self.games.quantities.values())
        found = self.games.values(formulas, self.game, self.variables) if formulas else []
        return dict(zip(self.games.quantities, found, strict=True))

    def profile(self, solution: int) -> str:
        """The name of a solution: its regime, with a number from the second of the kind on."""
        return self.games.system.labels[int(self.label[solution])]

    def of(self, game: int) -> AnalyticSolutions:
        """Return the solutions of one game of the batch, as a batch of one game."""
        start, stop = (int(place) for place in np.searchsorted(self.game, [game, game + 1]))
        chosen, own, rows = slice(start, stop), self.certificates, slice(game, game + 1)
        kept = ("values", "radius", "residual", "kind", "label", "index")
        return replace(
            self,
            games=self.games[rows],
            game=np.zeros(stop - start, dtype=np.int64),
            **{name: getattr(self, name)[chosen] for name in kept},
            certificates=Certificates(own.verdict[rows], own.found[rows], own.max_regret[rows], None, own.reason[rows]),
        )

    def frame(self) -> pd.DataFrame:
        """Return a tidy frame, one row a solution, with the unknowns, the quantities and the verdict of the game."""
        import pandas as pd

        columns: dict[str, Any] = {"game": self.game, "outcome": [self.profile(s) for s in range(len(self))]}
        columns |= self.variables | self.quantities
        columns |= {"radius": self.radius, "residual": self.residual, "index": self.index}
        return pd.DataFrame({**columns, "verdict": self.certificates.verdict[self.game]})

    def __repr__(self) -> str:
        """One line: how many solutions of how many games, and their verdicts."""
        return f"<AnalyticSolutions: {len(self)} of {len(self.games)} games, {self.certificates!r}>"

    def _repr_html_(self) -> str:
        """Jupyter's view: the first solutions as a table below the verdicts, and what a certificate means."""
        return solutions_html(self.games.title or self.concept, self.frame(), self.certificates)
