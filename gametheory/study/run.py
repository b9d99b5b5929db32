"""What do the games of many draws of the uncertain parameters answer?"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from gametheory.designs import Scheme, scheme as make_scheme
from gametheory.errors import InputError, UnknownNameError, did_you_mean
from gametheory.machine import processors
from gametheory.study.cover import block_answers, interval_cover
from gametheory.study.pieces import in_a_row, pieces
from gametheory.study.totals import Totals, joined, no_draws, totals_of

if TYPE_CHECKING:
    from gametheory.model import Model
    from gametheory.study.blocks import Answers

__all__ = ["Run", "Study", "check_orders", "in_order", "run", "solvable_orders"]

Done = TypeVar("Done")


class Study(Protocol):
    """What an analysis needs of a finished study, wherever it was done."""

    @property
    def model(self) -> Model:
        """The model that was studied."""

    @property
    def samples(self) -> int:
        """Number of points that were asked for."""

    @property
    def seed(self) -> int:
        """The seed of the points."""

    @property
    def kind(self) -> str:
        """The name of the kind of design."""

    @property
    def cover(self) -> Sequence[Mapping[str, float]]:
        """The points of the interval parameters at which each draw was repeated."""

    @property
    def totals(self) -> Totals:
        """What all draws add up to."""


@dataclass(frozen=True, eq=False, repr=False)
class Run:
    """A finished study: what was asked, and the totals of all draws."""

    model: Model
    samples: int
    seed: int
    kind: str
    cover: tuple[Mapping[str, float], ...]
    totals: Totals

    def __repr__(self) -> str:
        """One line: model, design and orders of play."""
        orders = ", ".join(self.totals.orders)
        return f"<Run {self.model.title!r}: {self.samples:,} samples ({self.kind}), seed {self.seed}; {orders}>"


def run(
    model: Model,
    samples: int,
    seed: int = 0,
    orders: Sequence[str] | None = None,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    scheme: Scheme | None = None,
) -> Run:
    """Draw ``samples`` parameter points from their joint law and answer every one of them, block by block.

    The same seed gives the same answers for any number of workers, and the first draws of a longer run are those of a
    shorter one. Of each block only the totals are kept, so that memory does not grow with ``samples``. Interval
    parameters have no probability: each draw is repeated over `interval_cover`, which may change what is certain and
    what is possible, never how probable it is. Games that cannot be solved are counted as failed. A ``scheme`` of
    `gametheory.designs` gives the points instead, by its own seed; ``samples`` must be its own. ``progress`` is called
    with the draws done and their total, after each block, and where games take long more often. Raises InputError for a
    bad count or seed and UnknownNameError for an unknown order.
    """
    chosen = solvable_orders(model) if orders is None else tuple(orders)
    check_orders(model, chosen)
    design = _checked(model, samples, scheme) if scheme else make_scheme("random", model, samples, seed)
    cover = interval_cover(model, design.seed, given=design.names)

    listed = pieces(model, design.count)

    def work(number: int) -> tuple[Answers | None, int]:
        piece = listed[number]
        drawn = design.drawn(piece.block)
        points, rows = piece.of(drawn.points, drawn.rows)
        return block_answers(model, cover, chosen, points, rows) if rows else None, drawn.tried

    totals = no_draws(0)
    waiting: list[Answers] = []
    for piece, (answers, tried) in zip(listed, in_order(work, len(listed), workers or processors()), strict=True):
        waiting += [answers] if answers is not None else []
        if piece.last:
            totals = joined([totals, totals_of(in_a_row(waiting), tried) if waiting else no_draws(tried)])
            waiting = []
        if progress is not None:
            progress(piece.done, design.count)
    if not totals.draws:
        raise InputError(f"samples: none of the {totals.tried:,} points of this {design.kind} design is allowed")
    return Run(model, design.samples, design.seed, design.kind, tuple(cover), totals)


def solvable_orders(model: Model) -> tuple[str, ...]:
    """The orders of play that the solvers answer: all, but for strategic games of three and more only simultaneous."""
    return tuple(model.orders[:1]) if model.form == "strategic" and len(model.players) > 2 else tuple(model.orders)


def _checked(model: Model, samples: int, scheme: Scheme) -> Scheme:
    """The scheme itself; raises InputError where it is not of this model or of so many samples."""
    if scheme.model != model:
        raise InputError(f"scheme: of model {scheme.model.title!r}, expected one of {model.title!r}, same digest")
    if scheme.samples != samples:
        raise InputError(f"samples: {samples!r}, expected the {scheme.samples!r} of the scheme")
    return scheme


def check_orders(model: Model, orders: Sequence[str]) -> None:
    """Refuse orders of play that the model does not have."""
    for order in orders:
        if order not in model.orders:
            near = did_you_mean(order, model.orders)
            raise UnknownNameError(f"no order of play {order!r}; expected one of {', '.join(model.orders)}{near}")


def in_order(work: Callable[[int], Done], count: int, workers: int) -> Iterator[Done]:
    """Do the numbered pieces of work on several threads; the answers come in order, few of them waiting at a time."""
    if workers == 1 or count == 1:
        yield from map(work, range(count))
        return
    pool = ThreadPoolExecutor(min(workers, count))
    waiting: deque[Future[Done]] = deque()
    try:
        for number in range(count):
            waiting.append(pool.submit(work, number))
            if len(waiting) >= 2 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:  # whoever interrupts does not wait for what is under way
        pool.shutdown(wait=False, cancel_futures=True)
