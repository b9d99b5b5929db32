"""What came out of a sweep: its totals for the analyses, its rows as a frame, and the proof that they are its own."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gametheory.designs import Scheme
from gametheory.errors import InputError, UnknownNameError, did_you_mean
from gametheory.markup import tabulated
from gametheory.model import Model
from gametheory.study import Totals, class_name, from_json, interval_cover, joined, no_draws
from gametheory.sweeps.block import answer, drawn
from gametheory.sweeps.folder import Shelf, stored_plan
from gametheory.sweeps.plan import Plan, differences
from gametheory.sweeps.rows import column_names
from gametheory.version import __version__

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

__all__ = ["Sweep", "open_run", "result"]

MOST_SHOWN = 5  # classes of one order of play in Jupyter's view


@dataclass(frozen=True, eq=False, repr=False)
class Sweep:
    """A sweep: what was asked, the totals of all draws, and where its blocks are.

    It can be given to the analyses as their ``run``. ``missing`` are the numbers of blocks that are not there, none
    unless an unfinished run was opened.
    """

    plan: Plan
    shelf: Shelf
    totals: Totals
    missing: tuple[int, ...] = ()

    @property
    def model(self) -> Model:
        """The model."""
        return self.plan.model

    @property
    def scheme(self) -> Scheme:
        """The design of the points."""
        return self.plan.scheme

    @property
    def orders(self) -> tuple[str, ...]:
        """The orders of play that were answered."""
        return self.plan.orders

    @property
    def samples(self) -> int:
        """Number of points that were asked for."""
        return self.plan.scheme.samples

    @property
    def seed(self) -> int:
        """The seed of the points."""
        return self.plan.scheme.seed

    @property
    def kind(self) -> str:
        """The name of the kind of design."""
        return self.plan.scheme.kind

    @property
    def blocks(self) -> tuple[int, ...]:
        """The numbers of the blocks that are there."""
        return tuple(sorted(self.shelf.entries))

    @cached_property
    def cover(self) -> Sequence[Mapping[str, float]]:
        """The points of the interval parameters at which each draw was repeated."""
        return interval_cover(self.model, self.seed, given=self.scheme.names)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of `frame`: see `gametheory.sweeps.rows`."""
        return tuple(column_names(self.model, self.orders))

    @property
    def raised(self) -> int:
        """At how many points an error was raised; they count as failed."""
        return sum(int(self.shelf.line(number)["raised"]) for number in self.blocks)

    def failures(self) -> pd.DataFrame:
        """The points at which an error was raised: ``block``, ``row``, ``reason``; the first twenty of each block."""
        import pandas as pd

        found = [
            {"block": number, "row": row, "reason": reason}
            for number in self.blocks
            for row, reason in self.shelf.line(number)["failures"]
        ]
        return pd.DataFrame(found, columns=["block", "row", "reason"])

    def frame(self, columns: Sequence[str] | None = None, *, inputs: bool = False) -> pd.DataFrame:
        """One row a draw, in the order of the design: the ``columns`` asked for, all of `Sweep.columns` by default.

        With ``inputs`` the parameters stand before them, made again from the seed (intervals have no value of their
        own). What is missing is null, never NaN. Raises InputError where only totals were kept, UnknownNameError for
        an unknown column, and ComputationError where the rows are not those that were written.
        """
        import pandas as pd
        import pyarrow as pa

        if self.plan.keep != "rows":
            raise InputError("this run kept totals alone and has no rows; run it with keep='rows' in another folder")
        chosen = list(self.columns if columns is None else columns)
        for name in chosen:
            if name not in self.columns:
                known = ", ".join(self.columns)
                raise UnknownNameError(f"no column {name!r}{did_you_mean(name, self.columns)}; there are {known}")
        tables = [self._rows(number, chosen) for number in self.blocks]
        nullable = {pa.float64(): pd.Float64Dtype()}
        frame: pd.DataFrame = pa.concat_tables(tables).unify_dictionaries().to_pandas(types_mapper=nullable.get)
        if inputs:
            points = pd.DataFrame(self._points(), index=frame.index)
            frame = pd.concat([points, frame], axis=1)
        frame.attrs |= {**self._about(), "design": self.scheme.identity, "tried": self.totals.tried}
        return frame

    def verify(self, blocks: str | Iterable[int] | None = None) -> pd.DataFrame:
        """Check the blocks: ``block``, ``stored`` (there, and as it was written) and ``recomputed``.

        All blocks are held against their sha256. ``blocks`` says which of them are also worked out anew and compared,
        rows and totals, byte by byte: none by default, some by number, or "all"; of the others ``recomputed`` is null.
        Only this can tell that somebody changed a number and its checksum. Raises InputError for a block that the run
        does not have, and where other versions are installed than made it.
        """
        import pandas as pd

        chosen = self._chosen(blocks)
        rows: list[dict[str, Any]] = []
        for number in range(self.plan.blocks):
            there = number in self.shelf.entries
            same = None
            if number in chosen:
                same = there and self._same(number)
            rows.append({"block": number, "stored": there and self.shelf.sound(number), "recomputed": same})
        frame = pd.DataFrame(rows, columns=["block", "stored", "recomputed"])
        frame = frame.astype({"block": "int64", "stored": "bool", "recomputed": "boolean"})
        frame.attrs |= self._about()
        return frame

    def _chosen(self, blocks: str | Iterable[int] | None) -> frozenset[int]:
        """The blocks that are to be worked out anew."""
        if isinstance(blocks, str) and blocks != "all":
            raise InputError(f"blocks: {blocks!r}, expected 'all', numbers of blocks, or None")
        every = range(self.plan.blocks)
        chosen = frozenset(every) if isinstance(blocks, str) else frozenset(blocks or ())
        if unknown := sorted(chosen.difference(every)):
            raise InputError(f"no block {unknown[0]!r}; the run has blocks 0 to {self.plan.blocks - 1}")
        if chosen and self.shelf.run != self.plan.run:
            told = differences(self.plan.identity, self.shelf.identity)
            raise InputError(f"the run was made elsewhere, and cannot be worked out alike here: {told}")
        return chosen

    def _same(self, number: int) -> bool:
        """Whether a block comes out the same again."""
        anew = answer(self.plan.task(number))
        line = self.shelf.line(number)
        told = (anew.sha256, anew.rows, from_json(anew.totals))
        same = told == (line["sha256"], line["rows"], from_json(line["totals"]))
        return same and self.shelf.sound(number)

    def _rows(self, number: int, columns: Sequence[str]) -> pa.Table:
        """Some columns of one block."""
        from pyarrow import parquet as files

        return files.read_table(io.BytesIO(self.shelf.data(number)), columns=list(columns)).replace_schema_metadata()

    def _points(self) -> dict[str, np.ndarray[Any, np.dtype[np.float64]]]:
        """The parameters of all draws, made again."""
        made = lru_cache(maxsize=1)(self.scheme.block)  # small blocks are cut from one larger draw
        parts = [part.points for number in self.blocks for part in drawn(self.scheme, self.plan.block, number, made)]
        return {name: np.concatenate([part[name] for part in parts]) for name in self.scheme.names}

    def _about(self) -> dict[str, Any]:
        """Where a frame comes from."""
        about = {"model": self.model.title, "digest": self.model.digest, "version": __version__}
        return {**about, "run": self.shelf.run, "samples": self.samples, "seed": self.seed}

    def _said(self) -> str:
        """What was run, in words."""
        some = f", {len(self.missing)} of {self.plan.blocks} blocks missing" if self.missing else ""
        return f"{self.samples:,} samples ({self.kind}), seed {self.seed}, in {self.shelf}{some}"

    def __repr__(self) -> str:
        """One line: model, design, orders of play and place."""
        return f"<Sweep {self.model.title!r}: {self._said()}; {', '.join(self.orders)}>"

    def _repr_html_(self) -> str:
        """Jupyter's view: what was run, and the commonest sets of equilibria under each order of play."""
        rows = [(order, name, f"{share:.1%}") for order, name, share in self._commonest()]
        return tabulated(f"{self.model.title}: {self._said()}", ("order", "equilibria", "share of the draws"), rows)

    def _commonest(self) -> Iterator[tuple[str, str, float]]:
        """Order, sets of equilibria in words, and share, the most frequent first."""
        actions = [labels for _, labels in self.model.axes]
        for order, own in self.totals.orders.items():
            met = sorted(own.met.items(), key=lambda item: -item[1])
            for classes, count in met[:MOST_SHOWN]:
                yield order, " // ".join(class_name(entry, actions) for entry in classes), count / own.draws
            rest = sum(count for _, count in met[MOST_SHOWN:])
            if rest:
                yield order, f"{len(met) - MOST_SHOWN} others", rest / own.draws


def open_run(path: str | os.PathLike[str], *, unfinished: bool = False) -> Sweep:
    """The sweep in a folder; with ``unfinished`` also one of which blocks are missing, as far as it goes.

    Raises InputError where there is no run or it is not finished, and ComputationError where it is damaged.
    """
    folder = Path(path)
    plan, shelf, missing = stored_plan(folder)
    if missing and not unfinished:
        there = f"{plan.blocks - len(missing):,} of {plan.blocks:,} blocks are there and whole"
        raise InputError(f"{folder}: {there}; the same sweep on the same folder makes the others")
    return Sweep(plan, shelf, _totals(shelf), missing)


def result(plan: Plan, shelf: Shelf) -> Sweep:
    """A finished sweep; raises InputError where the constraints of the model left none of its points."""
    totals = _totals(shelf)
    if not totals.draws:
        message = f"none of the {totals.tried:,} points of this {plan.scheme.kind} design is allowed"
        raise InputError(f"samples: {message}; widen the constraints {', '.join(plan.model.constraints)}")
    return Sweep(plan, shelf, totals)


def _totals(shelf: Shelf) -> Totals:
    """The totals of all blocks that are there."""
    totals = no_draws(0)
    for number in sorted(shelf.entries):
        totals = joined([totals, from_json(shelf.line(number)["totals"])])
    return totals
