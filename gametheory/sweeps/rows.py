"""What does the Parquet file of a block hold?

One row a draw, in the order of the design. For each order of play ``ORDER.class`` names the equilibria (over interval
parameters all classes that are met, joined by ``//``), ``ORDER.status`` is ``solved``, ``partial`` or ``failed`` (over
interval parameters the worst), and ``ORDER.MEASURE.lower`` and ``.upper`` are the bounds of a measure, null where the
draw is not solved. ``claim:NAME`` says in how many solutions a claim holds: ``none``, ``some``, ``all`` or ``failed``.
``reason`` is null, or the error of a point that could not be answered. The points are not stored: the seed gives them.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gametheory.model import Model
from gametheory.study import ALL, FAILED, NONE, SOME, Answers, EquilibriumClass, class_name
from gametheory.sweeps.plan import Task

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["CLAIMS", "STATUSES", "column_names", "parquet"]

STATUSES = ("solved", "partial", "failed")
CLAIMS = {NONE: "none", SOME: "some", ALL: "all", FAILED: "failed"}
COMPRESSION = 3  # of zstd; more takes longer than it saves here

Answered = Sequence[tuple[Answers, str]]
Actions = Sequence[Sequence[str]]
IntArray = NDArray[np.int64]


def column_names(model: Model, orders: Sequence[str]) -> list[str]:
    """The columns of a block, in their order."""
    names = []
    for order in orders:
        names += [f"{order}.class", f"{order}.status"]
        names += [f"{order}.{measure}.{end}" for measure in model.measures for end in ("lower", "upper")]
    return [*names, *(f"claim:{name}" for name in model.claims), "reason"]


def parquet(model: Model, task: Task, answered: Answered) -> bytes:
    """The bytes of the file: the same for the same answers. ``answered`` are consecutive draws and their reasons."""
    import pyarrow as pa
    from pyarrow import parquet as files

    names = column_names(model, task.orders)
    columns = dict(zip(names, _columns(model, task.orders, answered), strict=True))
    about = {"run": task.run, "block": task.number, "model": model.digest}
    table = pa.table(columns).replace_schema_metadata({"gametheory": json.dumps(about)})
    sink = io.BytesIO()
    files.write_table(table, sink, compression="zstd", compression_level=COMPRESSION, row_group_size=max(len(table), 1))
    return sink.getvalue()


def _columns(model: Model, orders: Sequence[str], answered: Answered) -> list[pa.Array]:
    """The columns, in their order."""
    actions = [labels for _, labels in model.axes]
    columns = []
    for order in orders:
        columns += [_classes(answered, order, actions), _statuses(answered, order)]
        for measure in model.measures:
            columns += _bounds(answered, order, measure)
    columns += [_claims(answered, name) for name in model.claims]
    reasons = [(np.zeros(answers.draws, dtype=np.int64), [reason]) for answers, reason in answered]
    return [*columns, _words(reasons)]


def _words(parts: Sequence[tuple[IntArray, Sequence[str]]]) -> pa.Array:
    """Texts by number as one column with a sorted dictionary; the empty text is null."""
    import pyarrow as pa

    words = sorted({word for _, own in parts for word in own if word})
    place = {word: number for number, word in enumerate(words)}
    codes = [np.array([place.get(word, -1) for word in own], dtype=np.int32)[numbers] for numbers, own in parts]
    indices = np.concatenate([np.empty(0, dtype=np.int32), *codes])
    return pa.DictionaryArray.from_arrays(pa.array(indices, mask=indices < 0), pa.array(words, pa.string()))


def _fixed(codes: Sequence[NDArray[Any]], words: Sequence[str]) -> pa.Array:
    """Codes as one column with a dictionary that is the same in every block."""
    import pyarrow as pa

    indices = np.concatenate([np.empty(0, dtype=np.int8), *codes]).astype(np.int8)
    return pa.DictionaryArray.from_arrays(pa.array(indices), pa.array(words, pa.string()))


def _classes(answered: Answered, order: str, actions: Actions) -> pa.Array:
    """The class of every draw in words."""
    return _words([_named(*answers.classes[order], actions) for answers, _ in answered])


def _named(numbers: IntArray, table: Sequence[EquilibriumClass], actions: Actions) -> tuple[IntArray, list[str]]:
    """The class, or all classes over the intervals, of each draw: a number and the words that it stands for."""
    names = [class_name(entry, actions) for entry in table]
    if numbers.shape[1] == 1:
        return numbers[:, 0], names
    marked = np.zeros((len(numbers), len(table)), dtype=np.bool_)
    for column in numbers.T:
        marked[np.arange(len(numbers)), column] = True
    packed, place = np.unique(np.packbits(marked, axis=1), axis=0, return_inverse=True)
    rows = np.unpackbits(packed, axis=1, count=len(table))
    return place.reshape(-1), [" // ".join(names[number] for number in np.flatnonzero(row)) for row in rows]


def _statuses(answered: Answered, order: str) -> pa.Array:
    """The worst status of every draw over the points of the intervals."""
    codes = []
    for answers, _ in answered:
        numbers, table = answers.classes[order]
        own = np.array([STATUSES.index(entry.status) for entry in table], dtype=np.int8)
        codes.append(own[numbers].max(axis=1))
    return _fixed(codes, STATUSES)


def _bounds(answered: Answered, order: str, measure: str) -> list[pa.Array]:
    """The lower and the upper value of a measure, null where a draw is not solved."""
    import pyarrow as pa

    parts = [answers.measures[order][measure] for answers, _ in answered]
    solved = np.concatenate([np.empty(0, dtype=np.bool_), *(mask for _, mask in parts)])
    values = np.zeros((len(solved), 2))
    values[solved] = np.concatenate([np.empty((0, 2)), *(own for own, _ in parts)])
    return [pa.array(np.ascontiguousarray(values[:, end]), mask=~solved) for end in (0, 1)]


def _claims(answered: Answered, name: str) -> pa.Array:
    """In how many solutions of each draw a claim holds."""
    return _fixed([answers.claims[name] for answers, _ in answered], [CLAIMS[code] for code in sorted(CLAIMS)])
