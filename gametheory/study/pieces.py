"""In which pieces is a study answered, so that long work can say how far it is?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gametheory.designs import BLOCK
from gametheory.solutions import VERDICTS
from gametheory.study.blocks import Answers
from gametheory.study.classes import merge
from gametheory.study.contract import FloatArray
from gametheory.study.forms import form_of

if TYPE_CHECKING:
    from gametheory.model import Model

__all__ = ["Piece", "in_a_row", "pieces"]

BoolArray = NDArray[np.bool_]


class Piece(NamedTuple):
    """The draws ``start`` to ``stop`` of one block. What each draw answers does not depend on the pieces."""

    block: int
    start: int
    stop: int
    last: bool = True  # of its block

    @property
    def done(self) -> int:
        """How many draws are answered once this piece and all before it are."""
        return self.block * BLOCK + self.stop

    def of(self, points: Mapping[str, FloatArray], rows: int) -> tuple[dict[str, FloatArray], int]:
        """Its own draws of a block's, which may hold fewer than were asked for, and how many they are.

        >>> import numpy as np
        >>> Piece(0, 2, 4).of({"p": np.array([0.1, 0.2, 0.3])}, 3)
        ({'p': array([0.3])}, 1)
        """
        own = {name: column[self.start : self.stop] for name, column in points.items()}
        return own, max(0, min(self.stop, rows) - self.start)


def pieces(model: Model, count: int) -> list[Piece]:
    """The pieces of ``count`` draws, in order: whole blocks, and of games that take long so many as the form says."""
    found = []
    for block in range(-(-count // BLOCK)):
        rows = min(BLOCK, count - block * BLOCK)
        size = form_of(model).together(model, rows)
        stops = [*range(size, rows, size), rows]
        found += [Piece(block, start, stop, stop == rows) for start, stop in zip([0, *stops], stops, strict=False)]
    return found


def in_a_row(parts: Sequence[Answers]) -> Answers:
    """The answers of the pieces of one block, in order, as those of the block: the same to the last bit."""
    if len(parts) == 1:
        return parts[0]
    classes, verdicts, measures = {}, {}, {}
    for order, own in parts[0].measures.items():
        numbers, table = merge([part.classes[order] for part in parts])
        classes[order] = (np.concatenate(numbers), table)
        counts = sum((Counter(part.verdicts[order]) for part in parts), Counter[str]())
        verdicts[order] = {name: counts[name] for name in VERDICTS if name in counts}
        measures[order] = {name: _joined([part.measures[order][name] for part in parts]) for name in own}
    claims = {name: np.concatenate([part.claims[name] for part in parts]) for name in parts[0].claims}
    return Answers(sum(part.draws for part in parts), classes, verdicts, measures, claims)


def _joined(parts: Sequence[tuple[FloatArray, BoolArray]]) -> tuple[FloatArray, BoolArray]:
    """The values of the solved draws, and which draws are solved."""
    return np.concatenate([values for values, _ in parts]), np.concatenate([solved for _, solved in parts])
