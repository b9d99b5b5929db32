"""What does each point of a design answer, held in memory for analyses that compare points with each other?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gametheory.designs import BLOCK, Scheme
from gametheory.errors import InputError
from gametheory.machine import processors
from gametheory.solutions import VERDICTS
from gametheory.study.blocks import Answers
from gametheory.study.classes import EquilibriumClass, merge
from gametheory.study.cover import block_answers, interval_cover
from gametheory.study.pieces import pieces
from gametheory.study.run import check_orders, in_order, solvable_orders

if TYPE_CHECKING:
    from gametheory.model import Model

__all__ = ["Answered", "answered", "answered_at", "check_memory"]

MOST_BYTES = 2**31  # of memory, while the blocks are joined

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]
Progress = Callable[[int, int], None]
Block = tuple[Mapping[str, FloatArray], int]  # points by name, number of rows


@dataclass(frozen=True, eq=False)
class Answered:
    """The answers of every point, row by row in the order of the points.

    ``points[name]`` is ``float64[row]``, of all parameters but the intervals, and ``roles`` what the rows of a
    pick-freeze design stand for, over and over (row r has role r modulo their number); empty for other designs.

    ``classes[order]`` is ``(int32[row, cover point], table)``, the number of each game's class and the sorted classes,
    failed games among them. ``measures[order][name]`` is ``(float64[row, 2], bool[row])``: the lower and upper value
    over the solutions and cover points, and which rows are solved; the others have no value (not a number), so that a
    sum over them cannot pass for one. ``claims[name]`` is ``int8[row]`` of NONE, SOME, ALL and FAILED, and
    ``verdicts[order]`` counts the games by verdict. ``tried`` is the number of points made for these rows.
    """

    model: Model
    rows: int
    tried: int
    cover: tuple[Mapping[str, float], ...]
    points: Mapping[str, FloatArray]
    roles: tuple[str, ...]
    classes: Mapping[str, tuple[NDArray[np.int32], tuple[EquilibriumClass, ...]]]
    measures: Mapping[str, Mapping[str, tuple[FloatArray, BoolArray]]]
    claims: Mapping[str, NDArray[np.int8]]
    verdicts: Mapping[str, Mapping[str, int]]


def answered(
    model: Model,
    scheme: Scheme,
    orders: Sequence[str] | None = None,
    progress: Progress | None = None,
    *,
    workers: int | None = None,
) -> Answered:
    """The answers of every point of a scheme, solved block by block; the same for any number of workers.

    ``orders`` are the orders of play, by default all that can be solved; claims are answered under their own.
    ``progress`` is called with the points done and their total. Raises InputError where the rows would not fit into
    memory, where the scheme is of another model or where constraints leave no point, and UnknownNameError for an
    unknown order.

    >>> from gametheory.designs import scheme
    >>> from gametheory.reader import load
    >>> model = load("reference_involvement")
    >>> answers = answered(model, scheme("pick-freeze", model, samples=2), ["nato"])
    >>> answers.roles[:3], answers.rows == 2 * len(answers.roles), answers.classes["nato"][0].shape
    (('A', 'B', 'decisiveness'), True, (14, 1))
    """
    if scheme.model != model:
        raise InputError(f"scheme: of model {scheme.model.title!r}, expected one of {model.title!r}, same digest")
    cover = interval_cover(model, scheme.seed, given=scheme.names)

    def block(number: int) -> tuple[Block, int]:
        drawn = scheme.drawn(number)
        return (drawn.points, drawn.rows), drawn.tried

    return _answered(model, cover, orders, (scheme.count, block), progress, workers, scheme.roles)


def answered_at(
    model: Model,
    points: Mapping[str, FloatArray],
    orders: Sequence[str] | None = None,
    progress: Progress | None = None,
    *,
    seed: int = 0,
    workers: int | None = None,
) -> Answered:
    """The answers at points of one's own, ``float64[row]`` by name; ``seed`` places the cover of the other intervals.

    Parameters that are not given keep their central values. Raises InputError for columns of different lengths or none.
    """
    lengths = {name: len(column) for name, column in points.items()}
    if len(set(lengths.values())) != 1 or not all(lengths.values()):
        raise InputError(f"points: columns of lengths {lengths!r}, expected one length of at least 1")
    count = next(iter(lengths.values()))

    def block(number: int) -> tuple[Block, int]:
        part = {name: column[number * BLOCK : (number + 1) * BLOCK] for name, column in points.items()}
        rows = min(BLOCK, count - number * BLOCK)
        return (part, rows), rows

    cover = interval_cover(model, seed, given=points)
    return _answered(model, cover, orders, (count, block), progress, workers, ())


def _answered(
    model: Model,
    cover: Sequence[Mapping[str, float]],
    orders: Sequence[str] | None,
    made: tuple[int, Callable[[int], tuple[Block, int]]],
    progress: Progress | None,
    workers: int | None,
    roles: tuple[str, ...],
) -> Answered:
    """Solve so many points, made in numbered blocks, piece by piece, and join their answers in order."""
    chosen = solvable_orders(model) if orders is None else tuple(dict.fromkeys(orders))
    check_orders(model, chosen)
    count, block = made
    check_memory(model, count, len(chosen), len(cover))
    listed = pieces(model, count)

    def work(number: int) -> tuple[Mapping[str, FloatArray], Answers | None, int]:
        piece = listed[number]
        (drawn, filled), tried = block(piece.block)
        points, rows = piece.of(drawn, filled)
        answers = block_answers(model, cover, chosen, points, rows) if rows else None
        return points, answers, 0 if piece.start else tried

    solved, points, tried = [], [], 0
    for piece, (own, answers, new) in zip(listed, in_order(work, len(listed), workers or processors()), strict=True):
        tried += new
        if answers is not None:
            points.append(own)
            solved.append(answers)
        if progress is not None:
            progress(piece.done, count)
    if not solved:
        raise InputError(f"samples: none of the {tried:,} points of this design is allowed")
    columns = {name: np.concatenate([part[name] for part in points]) for name in points[0]}
    return _joined(model, solved, chosen, columns, (tried, tuple(cover), roles))


def _joined(
    model: Model,
    parts: Sequence[Answers],
    orders: Sequence[str],
    points: Mapping[str, FloatArray],
    made: tuple[int, tuple[Mapping[str, float], ...], tuple[str, ...]],
) -> Answered:
    """The answers of consecutive blocks as one."""
    tried, cover, roles = made
    classes, measures, verdicts = {}, {}, {}
    for order in orders:
        numbers, table = merge([part.classes[order] for part in parts])
        classes[order] = (np.concatenate([own.astype(np.int32) for own in numbers]), table)
        measures[order] = {
            name: _in_rows([part.measures[order][name] for part in parts]) for name in parts[0].measures[order]
        }
        counts = sum((Counter(part.verdicts[order]) for part in parts), Counter[str]())
        verdicts[order] = {name: counts[name] for name in VERDICTS if name in counts}
    claims = {name: np.concatenate([part.claims[name] for part in parts]) for name in parts[0].claims}
    rows = sum(part.draws for part in parts)
    return Answered(model, rows, tried, cover, points, roles, classes, measures, claims, verdicts)


def _in_rows(parts: Sequence[tuple[FloatArray, BoolArray]]) -> tuple[FloatArray, BoolArray]:
    """The values of the solved rows, each in its row, and which rows are solved."""
    solved = np.concatenate([mask for _, mask in parts])
    values = np.full((len(solved), 2), np.nan)
    values[solved] = np.concatenate([own for own, _ in parts])
    return values, solved


def check_memory(model: Model, count: int, orders: int, cover: int = 1) -> None:
    """Raise InputError for more rows than memory should hold; while they are joined, each is there twice."""
    row = 8 * len(model.parameters) + len(model.claims) + orders * (8 * cover + 17 * len(model.measures))
    most = MOST_BYTES // (2 * row)
    if count > most:
        raise InputError(
            f"samples: {count:,} rows of answers would take {2 * row * count / 2**30:.1f} GB of memory; "
            f"at most {most:,} rows of this model fit, so ask for fewer samples"
        )
