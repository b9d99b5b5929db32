"""Into which intervals of a range do the values of one parameter fall, with one set of equilibria each?

The cells come from the signs of polynomials alone. One game of every interval is then solved, and its equilibria must
be those that the signs tell: two methods have to agree before anything is called exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.exact import paths, supports
from gametheory.analyses.exact.pieces import Piece
from gametheory.analyses.exact.quotients import NotRationalError, Quotient, Rational, rational
from gametheory.analyses.exact.roots import Root, isolated, nearest_double, settled
from gametheory.analyses.tipping.slacks import Slack
from gametheory.errors import ComputationError
from gametheory.solvers import solve
from gametheory.study import EquilibriumClass, classify, without_parameter_warnings

if TYPE_CHECKING:
    from gametheory.model import Model
    from gametheory.study import Profile

__all__ = ["ExactTip", "Isolating", "Partition", "fraction_of", "partition", "range_end"]

MOST_POLYNOMIALS, PATIENT_POLYNOMIALS = 20_000, 200_000  # of all pieces of a range; the first take some ten seconds
LONGEST_TEXT = 200  # of a polynomial or a fraction that is shown


@dataclass(frozen=True)
class Isolating:
    """The polynomial with whole coefficients whose only root between ``low`` and ``high`` a value is.

    Texts that would be too long to read are empty.
    """

    polynomial: str
    low: str
    high: str


@dataclass(frozen=True)
class ExactTip:
    """A value at which the class changes, as the nearest double, and the slacks that end or begin a solution there."""

    value: float
    isolating: Isolating
    before: EquilibriumClass
    after: EquilibriumClass
    binding: tuple[tuple[Slack, bool], ...]


@dataclass(frozen=True)
class Partition:
    """Every tipping point strictly inside a range, what happens at single values, and how many polynomials decide."""

    tips: tuple[ExactTip, ...]
    notes: tuple[str, ...]
    polynomials: int


@dataclass(frozen=True, eq=False)
class Part:
    """One open cell: its piece, the cell's number there, and the profiles that carry its solutions."""

    piece: int
    cell: int
    profiles: frozenset[Profile]

    @property
    def entry(self) -> EquilibriumClass:
        """The class of every game of the cell."""
        return EquilibriumClass("solved", tuple(sorted(self.profiles)))


@dataclass(frozen=True, eq=False)
class Signs:
    """What the signs tell about one order of play: per piece its cells and who stands in them."""

    model: Model
    parameter: str
    order: str
    pieces: Sequence[Piece]
    answers: Sequence[supports.Supports | paths.Paths]

    def sample(self, part: Part) -> Rational:
        """A rational value of the parameter in a cell."""
        return self.answers[part.piece].cells.sample(part.cell)

    def payoffs(self, part: Part) -> NDArray[np.object_]:
        """The exact payoffs at that value."""
        return self.pieces[part.piece].payoffs(self.sample(part))

    def width(self, part: Part) -> float:
        """How long a cell is, about."""
        cut = self.answers[part.piece].cells
        marks = (cut.stretch.start, *cut.roots, cut.stretch.stop)
        return float(marks[part.cell // 2 + 1].low - marks[part.cell // 2].high)

    def classes(self, values: Sequence[Rational], *, exact: bool) -> list[EquilibriumClass]:
        """The class of the game at each value, from the solver."""
        column = np.empty(len(values), dtype=object)
        column[:] = [fraction_of(value) for value in values]
        with without_parameter_warnings():
            games = self.model.games({self.parameter: column}, exact=exact)
        numbers, table = classify(solve(games, order=self.order, exact=exact))
        return [table[number] for number in numbers.tolist()]


def partition(model: Model, parameter: str, order: str, pieces: Sequence[Piece], *, patient: bool = False) -> Partition:
    """Every value between the ends of the pieces at which the solutions change, with the proof that no other does.

    ``patient`` allows for larger games. Raises NotRationalError for games too large to follow, and ComputationError
    where a solver contradicts the signs.
    """
    leader = -1 if order == "simultaneous" else [player.name for player in model.players].index(order)
    answers: list[supports.Supports | paths.Paths] = []
    for piece in pieces:
        answers.append(supports.supports(piece, patient=patient) if leader < 0 else paths.paths(piece, leader))
        if sum(answer.polynomials for answer in answers) > (PATIENT_POLYNOMIALS if patient else MOST_POLYNOMIALS):
            raise NotRationalError(f"the polynomials of {len(pieces)} pieces of the range are too many to follow")
    signs = Signs(model, parameter, order, pieces, answers)
    parts = [Part(place, cell, held) for place, answer in enumerate(answers) for cell, held in _open_cells(answer)]
    marks = [mark for answer in answers for mark in (*answer.cells.roots, answer.cells.stretch.stop)][:-1]
    _agree(signs, parts)
    tips = [
        _tip(signs, mark, *neighbours, leader)
        for mark, neighbours in zip(marks, pairwise(parts), strict=True)
        if neighbours[0].profiles != neighbours[1].profiles
    ]
    notes = [*_touches(signs), *_at_marks(signs, parts), *_at_ends(signs, parts)]
    count = sum(answer.polynomials for answer in answers)
    return Partition(tuple(tips), tuple(f"order {order}: {note}" for note in notes), count)


def fraction_of(value: Rational) -> Fraction:
    """A rational of the arithmetic library as a Fraction."""
    return Fraction(int(value.p), int(value.q))


def _open_cells(answer: supports.Supports | paths.Paths) -> Iterator[tuple[int, frozenset[Profile]]]:
    """The open cells of a piece, each with the profiles that stand in it."""
    profiles = list(answer.held)
    standing = np.array([answer.held[profile] for profile in profiles], dtype=bool).reshape(len(profiles), -1)
    for cell in range(0, answer.cells.count, 2):
        yield cell, frozenset(profiles[k] for k in np.flatnonzero(standing[:, cell]))


def _agree(signs: Signs, parts: Sequence[Part]) -> None:
    """Solve one game of every interval without a change, exactly where doubles give another answer; compare."""
    chosen: list[Part] = []
    for part in parts:
        if chosen and chosen[-1].profiles == part.profiles:
            chosen[-1] = max(chosen[-1], part, key=signs.width)
        else:
            chosen.append(part)
    values = [signs.sample(part) for part in chosen]
    found = signs.classes(values, exact=False)
    doubtful = [k for k, part in enumerate(chosen) if found[k] != part.entry]
    if doubtful:
        again = signs.classes([values[k] for k in doubtful], exact=True)
        for k, entry in zip(doubtful, again, strict=True):
            if entry != chosen[k].entry:
                raise ComputationError(
                    f"order {signs.order}: at {signs.parameter} = {fraction_of(values[k])} the solver and the signs of "
                    f"polynomials disagree; find the tipping points numerically, and report this"
                )


def _tip(signs: Signs, mark: Root, before: Part, after: Part, leader: int) -> ExactTip:
    """The tipping point between two cells."""
    root = settled(mark)
    binding = [
        (slack, ends)
        for ends, here, there in ((True, before, after), (False, after, before))
        for profile in sorted(here.profiles - there.profiles)
        for slack in _broken(signs, profile, here, there, leader)
    ]
    binding.sort(key=lambda pair: pair[0].player)
    return ExactTip(nearest_double(root), _isolating(signs, root), before.entry, after.entry, tuple(binding))


def _broken(signs: Signs, profile: Profile, here: Part, there: Part, leader: int) -> list[Slack]:
    """The slacks of a profile that are kept in one cell and not in the other."""
    answer = signs.answers[here.piece]
    if isinstance(answer, supports.Supports):
        return supports.broken(answer, profile, here.cell, signs.payoffs(there))
    return paths.broken(profile, signs.payoffs(here), signs.payoffs(there), leader)


def _isolating(signs: Signs, root: Root) -> Isolating:
    """The polynomial of a settled root and a short interval around it, in text."""
    first, last = signs.pieces[0].stretch.low, signs.pieces[-1].stretch.high
    if not root.rational:
        wide = [one for one in isolated(root.poly, first, last) if one.low <= root.low and root.high <= one.high]
        root = wide[0] if wide else root
    texts = (polynomial_text(root.poly, signs.parameter), str(root.low), str(root.high))
    return Isolating(*(text if len(text) <= LONGEST_TEXT else "" for text in texts))


def polynomial_text(poly: Any, name: str) -> str:
    """A polynomial with whole coefficients in the words of the formulas.

    >>> from flint import fmpz_poly
    >>> polynomial_text(fmpz_poly([-1, 0, 4]), "risk"), polynomial_text(fmpz_poly([2, -1, 1]), "risk")
    ('4*risk**2 - 1', 'risk**2 - risk + 2')
    """
    text = ""
    for power in range(poly.degree(), -1, -1):
        factor = int(poly[power])
        if not factor:
            continue
        powered = "" if power == 0 else name if power == 1 else f"{name}**{power}"
        size = "" if powered and abs(factor) == 1 else str(abs(factor))
        term = "*".join(part for part in (size, powered) if part)
        text += (f" {'-' if factor < 0 else '+'} {term}") if text else f"{'-' * (factor < 0)}{term}"
    return text or "0"


def _touches(signs: Signs) -> Iterator[str]:
    """The values at which other equilibria stand, while they are the same before and after."""
    for answer in signs.answers:
        profiles = list(answer.held)
        standing = np.array([answer.held[profile] for profile in profiles], dtype=bool).reshape(len(profiles), -1)
        before, at, after = standing[:, 0:-1:2], standing[:, 1::2], standing[:, 2::2]
        touched = (before == after).all(axis=0) & (before != at).any(axis=0)
        for place in np.flatnonzero(touched).tolist():
            yield (
                f"exactly at {_short(answer.cells.roots[place])} a deviation is as good as what is played; before and "
                "after it the equilibria are the same"
            )


def _at_marks(signs: Signs, parts: Sequence[Part]) -> Iterator[str]:
    """What happens exactly where the payoffs change their form: games fail, or equilibria differ."""
    roots = [settled(piece.stretch.stop) for piece in signs.pieces[:-1]]
    known = [place for place, root in enumerate(roots) if root.rational]
    entries = dict(zip(known, signs.classes([roots[k].low for k in known], exact=True) if known else [], strict=True))
    for place, root in enumerate(roots):
        before = next(part for part in reversed(parts) if part.piece == place).entry
        after = next(part for part in parts if part.piece == place + 1).entry
        entry = entries.get(place)
        if entry is not None and entry.status == "failed":
            yield f"exactly at {_short(root)} the games cannot be solved: a payoff is not a finite number"
        elif entry is not None and before == after != entry:
            yield f"exactly at {_short(root)} the equilibria differ; before and after it they are the same"
        elif entry is None and _is_pole(signs, place, root):
            yield f"near {_short(root)} a payoff grows beyond all bounds"


def _is_pole(signs: Signs, place: int, mark: Root) -> bool:
    """Whether a payoff of one of the neighbouring pieces has a pole at the mark between them."""
    listed: list[Quotient] = [
        quotient for piece in signs.pieces[place : place + 2] for quotient in piece.table.ravel().tolist()
    ]
    return any(quotient.bottom.numer().gcd(mark.poly).degree() > 0 for quotient in listed)


def _at_ends(signs: Signs, parts: Sequence[Part]) -> Iterator[str]:
    """Whether the equilibria exactly at the ends of the range are not those beside them."""
    ends = [signs.pieces[0].stretch.low, signs.pieces[-1].stretch.high]
    for end, entry, beside in zip(ends, signs.classes(ends, exact=True), (parts[0], parts[-1]), strict=True):
        if entry.status == "failed":
            yield f"exactly at {float(fraction_of(end)):g}, an end of the range, the games cannot be solved"
        elif entry != beside.entry:
            yield f"exactly at {float(fraction_of(end)):g}, an end of the range, the equilibria differ"


def _short(root: Root) -> str:
    """A root to nine digits."""
    return f"{nearest_double(settled(root)):.9g}"


def range_end(value: float) -> Rational:
    """The fraction that the shortest decimal text of a double says: 0.1 stands for one tenth."""
    return rational(Fraction(repr(float(value))))
