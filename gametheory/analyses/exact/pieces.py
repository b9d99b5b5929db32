"""On which pieces of a range is every payoff one rational function without a pole?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.exact.cells import Stretch, cells, stretches
from gametheory.analyses.exact.quotients import NotRationalError, Poly, Quotient, Rational, payoffs_near, whole
from gametheory.analyses.exact.roots import Root, between, exact_root

if TYPE_CHECKING:
    from gametheory.model import Model

__all__ = ["Piece", "pieces"]

MOST_PIECES = 500


@dataclass(frozen=True, eq=False)
class Piece:
    """A stretch on which the payoffs are the quotients ``table[player, a1, a2, ...]``, all of them finite."""

    stretch: Stretch
    table: NDArray[np.object_]

    def payoffs(self, value: Rational) -> NDArray[np.object_]:
        """The payoffs at a rational number on the piece."""
        return np.asarray(np.frompyfunc(lambda quotient: quotient.at(value), 1, 1)(self.table))


def pieces(model: Model, parameter: str, low: Rational, high: Rational) -> list[Piece]:
    """The pieces of a range, in order: it is cut where a comparison in a formula turns and where a divisor is zero.

    Raises NotRationalError where a payoff is no rational function, or where there are too many pieces.
    """
    waiting = [Stretch(exact_root(low), exact_root(high))]
    found: list[Piece] = []
    while waiting:
        stretch = waiting.pop()
        payoffs = payoffs_near(model, parameter, between(stretch.start, stretch.stop))
        cuts = _marks(list(payoffs.switches), stretch)
        if len(cuts) > 2:
            waiting += reversed(stretches(cuts))
        else:
            quotients: list[Quotient] = payoffs.table.ravel().tolist()
            gaps = [whole(quotient.gaps) for quotient in quotients]
            found += [Piece(part, payoffs.table) for part in stretches(_marks(gaps, stretch))]
        if len(waiting) + len(found) > MOST_PIECES:
            raise NotRationalError(f"the payoffs change their form at more than {MOST_PIECES} values")
    return found


def _marks(polys: list[Poly], stretch: Stretch) -> list[Root]:
    """The ends of a stretch and the roots of the polynomials between them."""
    different = {str(poly): poly for poly in polys}
    cut = cells(list(different.values()), stretch)
    return [cut.stretch.start, *cut.roots, cut.stretch.stop]
