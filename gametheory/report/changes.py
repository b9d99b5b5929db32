"""What would change the answer, and how far away is it?"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from gametheory.figures.margins import TIE, nearest
from gametheory.figures.tipping import solutions
from gametheory.figures.words import counted, joined, order_phrase, percent, profile, sentence_case, times
from gametheory.report.amounts import amount
from gametheory.report.phrases import Names, during, outcome_said, support, together

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

PROVED = frozenset({"complete", "degenerate-complete"})  # verdicts under which a list of solutions lacks none

__all__ = ["ROUNDING", "Sweep", "beside", "binding", "few", "overturn", "still", "sweeps", "tip"]

ROUNDING = 1e-9  # of the range: a tipping point this close to the central value stands on it
FEW = 3  # solutions of one set that a sentence names
NEAREST = 6  # tipping points named under "what would change the answer"


TURNS = re.compile(r"(\w+): (.+) turns")  # a condition of a named outcome begins or ceases to hold


@dataclass(frozen=True, eq=False)
class Sweep:
    """One parameter, moved alone from ``low`` to ``high``: its tipping points in the ``orders`` that were searched.

    ``present`` holds the solutions in the middle of the range for the orders of which the search told them, ``method``
    whether the values are ``exact`` or ``numerical``, ``spread`` the law's own measure of a move.
    """

    parameter: str
    frame: pd.DataFrame
    orders: tuple[str, ...]
    low: float
    high: float
    value: float
    log: bool
    present: Mapping[str, tuple[str, ...]]
    method: Mapping[str, str]
    spread: float = 0.0

    def nearest(self) -> float:
        """How far the nearest tipping point is; infinite where there is none."""
        return min(map(self.distance, self.frame["value"]), default=math.inf)

    def distance(self, value: float) -> float:
        """How far ``value`` is from the present one, as a share of the range (of its logarithm where ``log``)."""
        if self.log and min(value, self.value, self.low) > 0:
            return abs(math.log(value / self.value)) / math.log(self.high / self.low)
        return abs(value - self.value) / (self.high - self.low)

    def move(self, value: float) -> float:
        """How far ``value`` is from the present one in spreads of the law, as the smallest changes are measured."""
        return abs(value - self.value) / (self.spread or self.high - self.low)


def sweeps(frames: Iterable[pd.DataFrame], model: Model) -> list[Sweep]:
    """The frames of `tip`, joined by parameter; each may hold one order or several, and may be empty.

    An empty frame is used where its attributes name the ``parameter``.
    """
    found: dict[str, list[pd.DataFrame]] = {}
    for frame in frames:
        named = list(dict.fromkeys(frame["parameter"])) or [frame.attrs.get("parameter")]
        for name in named:
            if name in model.parameters:
                part = frame[frame["parameter"] == name]
                part.attrs = dict(frame.attrs)
                found.setdefault(str(name), []).append(part)
    return [_sweep(name, parts, model) for name, parts in found.items()]


def still(found: Sequence[Sweep], names: Names) -> str:
    """Which parameters change the answer somewhere within their range, moved alone, and which never do."""
    idle = [names.say(sweep.parameter) for sweep in found if sweep.frame.empty]
    moving = len(found) - len(idle)
    count = counted(len(found), "parameter")
    what = "which solutions there are" if names.form == "analytic" else "the answer"
    start = f"Of {count} moved alone over the range of their laws, {moving or 'none'} {_change_verb(moving)} {what}"
    if not idle:
        which = "Both parameters" if moving == 2 else f"All {moving} parameters"
        moved = "The one parameter, moved alone over the range of its law," if moving == 1 else which
        return f"{moved}{', each moved alone over the range of its law,' * (moving > 1)} {_change_verb(moving)} {what}."
    if not moving:
        return f"{start}."
    return f"{start}; {joined(idle)} never {'does' if len(idle) == 1 else 'do'}."


def _change_verb(count: int) -> str:
    """Change, in the number of its subject."""
    return "change" if count > 1 else "changes"


def tip(sweep: Sweep, names: Names) -> list[str]:
    """Where the answer tips along one parameter, in each order of play."""
    moves = f"If {names.say(sweep.parameter)} alone moves from {amount(sweep.low)} to {amount(sweep.high)}"
    groups: dict[str, list[str]] = {}
    for order in sweep.orders:
        values = sorted(set(sweep.frame[sweep.frame["order"] == order]["value"]))
        groups.setdefault(_listed(values), []).append(order)
    told = f"{moves}, the answer {joined([_tips_of(listed, orders, names) for listed, orders in groups.items()])}."
    return [f"{told}{_certainty(sweep, names)}"]


def _certainty(sweep: Sweep, names: Names) -> str:
    """Whether the tipping points are proved or the find of a search."""
    kinds = {order: sweep.method[order] for order in sweep.orders if order in sweep.method}
    if set(kinds.values()) == {"exact"}:
        return " This is exact: the values are roots of polynomials, and it is proved that there are no others."
    if set(kinds.values()) == {"numerical"}:
        return " The values were found by a numerical search."
    proved = joined([order_phrase(order, names.labels) for order, kind in kinds.items() if kind == "exact"])
    return f" This is exact {proved}, and else found by a numerical search." if proved else ""


def overturn(
    tips: Sequence[Sweep],
    margins: pd.DataFrame | None,
    base: pd.DataFrame | None,
    outcomes: pd.DataFrame | None,
    names: Names,
    least: Sequence[str] | None = None,
) -> list[str]:
    """What would change the answer: smallest changes of assumptions, smallest margins, and the other parameters.

    ``least`` are the sentences on the smallest changes; without them the nearest tipping points are told.
    """
    return [
        *(_nearest_tips(tips, names) if least is None else [*_meetings(tips, names), *least]),
        *([] if margins is None else _smallest_margins(margins, names)),
        *([] if base is None or outcomes is None else _elsewhere(base, outcomes, names)),
    ]


def _sweep(name: str, parts: list[pd.DataFrame], model: Model) -> Sweep:
    """Join the frames of one parameter."""
    import pandas as pd

    from gametheory.analyses.robustness.spreads import spread

    parameter = model.parameters[name]
    filled = [part for part in parts if len(part)]
    frame = pd.concat(filled, ignore_index=True) if filled else parts[0]
    present = {order: tuple(own) for part in parts for order, own in dict(part.attrs.get("present", {})).items()}
    searched = {*present, *frame["order"]}
    method = {order: kind for part in parts for order, kind in dict(part.attrs.get("method", {})).items()}
    values = [parameter.value, *frame["value"]]
    low = min(float(part.attrs.get("low", min(values))) for part in parts)
    high = max(float(part.attrs.get("high", max(values))) for part in parts)
    notes = [note for part in parts for note in part.attrs.get("notes", ())]
    frame.attrs = {"parameter": name, "low": low, "high": high, "notes": notes, "method": method}
    orders = tuple(order for order in model.orders if order in searched)
    log = parameter.law.kind == "loguniform" and low > 0
    told = MappingProxyType(present), MappingProxyType(method)
    return Sweep(name, frame, orders, low, high, parameter.value, log, *told, spread(parameter.law))


def _tips_of(listed: str, orders: Sequence[str], names: Names) -> str:
    """The part of a sentence on the orders of play that have the same tipping points."""
    phrase = f" {joined([during(order, names) for order in orders])}".rstrip()
    often, _, values = listed.partition(": ")
    return f"changes {often}{phrase} (at {values})" if values else f"never changes{phrase}"


def _listed(values: Sequence[float]) -> str:
    """How many values there are, and which; those that are written alike stand once, with their number.

    >>> _listed([0.25, 0.2500001, 0.5]), _listed([])
    ('3 times: 0.25 (twice) and 0.5', 'never')
    """
    counts = Counter(amount(value) for value in values)
    several = len(counts) > 1
    told = [f"{text} ({times(count)})" if several and count > 1 else text for text, count in counts.items()]
    return f"{times(len(values))}: {joined(told)}" if told else times(0)


def binding(text: str, names: Names) -> str:
    """The deviation that binds, in words.

    >>> binding("nato: surge -> limited_aid, against carry_on", Names(("nato", "russia"), {"nato": "NATO"}))
    'NATO: surge \u2192 limited aid, against carry on'
    """
    parts = []
    for part in text.split("; "):
        turns = TURNS.fullmatch(part)
        if turns:
            parts.append(f"the condition of {names.say(turns[1])}, {turns[2]}, turns")
            continue
        player = next((name for name in names.players if part.startswith((f"{name}:", f"{name} "))), "")
        words = [word.replace(".", " of type ") if word[:1].isalpha() else word for word in
                 part.removeprefix(player).split(" ")]  # fmt: skip
        parts.append(f"{names.say(player)}{' '.join(map(names.say, words))}")
    return "; ".join(parts).replace("->", "\u2192")


def few(profiles: Sequence[str], names: Names) -> str:
    """A set of solutions in words, or their number where they are many.

    >>> few(["a, b", "c, d"], Names(())), few(["a"] * 9, Names(())), few([], Names(()))
    ('a / b; or c / d', '9 solutions', 'none found')
    """
    return solutions(profiles, names.labels) if len(profiles) <= FEW else f"{len(profiles)} solutions"


def beside(before: Sequence[str], after: Sequence[str], names: Names) -> tuple[str, str]:
    """The sets on both sides of a tipping point; of large ones their number and what stands on that side alone."""
    if max(len(before), len(after)) <= FEW:
        return few(before, names), few(after, names)
    return _apart(before, after, names), _apart(after, before, names)


def _apart(own: Sequence[str], other: Sequence[str], names: Names) -> str:
    """How many solutions one side has, and which of them the other has not."""
    alone = [text for text in own if text not in set(other)]
    more = f"; and {len(alone) - FEW} more" if len(alone) > FEW else ""
    told = f", on this side only {solutions(alone[:FEW], names.labels)}{more}" if alone else ", all on both sides"
    return f"{counted(len(own), 'solution')}{told}"


def _turned(before: Sequence[str], after: Sequence[str], names: Names) -> str:
    """How the answer changes from one set of solutions to another."""
    if max(len(before), len(after)) <= FEW and names.form == "analytic" and before and after:
        old, new = (joined([outcome_said(text, names) for text in own], "or") for own in (before, after))
        return f"change from {old} to {new}{' alone' * (len(after) == 1 and after[0] in before)}"
    if max(len(before), len(after)) <= FEW:
        return f"change from {few(before, names)} to {few(after, names)}"
    parts = []
    for one, other, verb in ((after, before, "begin"), (before, after, "end")):
        alone = [text for text in one if text not in set(other)]
        listed = f": {few(alone, names)}" if len(alone) <= FEW else ""
        parts += [f"{counted(len(alone), 'solution')} would {verb}{listed}"] * bool(alone)
    return f"change in part ({'; '.join(parts)})"


def _nearest_tips(tips: Sequence[Sweep], names: Names) -> list[str]:
    """The tipping points nearest to the present values, the nearest first."""
    rows = [(sweep.distance(float(row["value"])), sweep, row) for sweep in tips for _, row in _closest(sweep)]
    rows.sort(key=lambda entry: entry[0])
    return [_change(sweep, row, names) for _, sweep, row in rows[:NEAREST]]


def _meetings(tips: Sequence[Sweep], names: Names) -> list[str]:
    """The central values that are tipping points themselves."""
    rows = [(sweep, row) for sweep in tips for _, row in _closest(sweep)]
    return [_meeting(sweep, row, names) for sweep, row in rows if sweep.distance(float(row["value"])) <= ROUNDING]


def _closest(sweep: Sweep) -> Iterable[tuple[Any, Any]]:
    """The tipping point nearest to the present value, order by order."""
    for order, own in sweep.frame.groupby("order", sort=False):
        yield order, own.iloc[int(own["value"].map(sweep.distance).argmin())]


def _change(sweep: Sweep, row: Any, names: Names) -> str:
    """The sentence on one tipping point, read from the present value towards it."""
    value = float(row["value"])
    if sweep.distance(value) <= ROUNDING:
        return _meeting(sweep, row, names)
    up = value >= sweep.value
    old, new = (row["before"], row["after"]) if up else (row["after"], row["before"])
    size = f" ({percent_change(sweep.value, value)})" if sweep.value else ""
    ends = [amount(sweep.value), amount(value)]
    if ends[0] == ends[1]:  # too close for the usual digits
        ends = [f"{sweep.value:.12g}", f"{value:.12g}"]
    moved = f"{names.say(sweep.parameter)} {'rose' if up else 'fell'} from {' to '.join(ends)}{size}"
    answer = f"the answer {during(str(row['order']), names)}".rstrip()
    return f"If {moved}, {answer} would {_turned(old, new, names)}."


def _meeting(sweep: Sweep, row: Any, names: Names) -> str:
    """The sentence on a tipping point at the central value itself."""
    below, above = beside(row["before"], row["after"], names)
    point = f"is itself a tipping point {during(str(row['order']), names)}".rstrip()
    return (
        f"The central value of {names.say(sweep.parameter)}, {amount(sweep.value)}, {point}, where two answers meet: "
        f"{below} below it, {above} above it."
    )


def percent_change(old: float, new: float) -> str:
    """A change in per cent, or as a factor where it is large.

    >>> percent_change(0.02, 0.021), percent_change(0.02, 0.01), percent_change(0.02, 0.1)
    ('5% more', '50% less', '5 times as much')
    >>> percent_change(0.5, -0.1), percent_change(0.5, 0.0)
    ('beyond zero', 'zero')
    >>> percent_change(-2.0, -1.9)
    'by 5%'
    """
    ratio = new / old
    if ratio <= 0:
        return "zero" if new == 0 else "beyond zero"
    if ratio >= 2:
        return f"{ratio:.3g} times as much"
    size = f"{100 * abs(ratio - 1):.2g}%"
    return f"by {size}" if old < 0 else f"{size} {'more' if new >= old else 'less'}"  # below zero, more is less


def _smallest_margins(margins: pd.DataFrame, names: Names) -> list[str]:
    """The smallest margin of each order that a change of payoffs would have to overcome."""
    sentences = []
    payoffs = margins[margins["kind"] != "mixing"]
    for order, own in payoffs.groupby("order", sort=False):
        row = nearest(own).iloc[0]
        who = names.say(row["player"])
        steps = " \u2192 ".join(profile(step, names.labels) for step in str(row["deviation"]).split(" -> "))
        size = (
            "any change of the payoffs"
            if row["relative"] < TIE
            else f"a change of {amount(row['margin'])} in {who}'s payoffs ({percent(row['relative'])} of their range)"
        )
        phrase = sentence_case(order_phrase(str(order), names.labels))
        sentences.append(f"{phrase}, {size} could make {who}'s {steps} ({row['kind']}) pay.")
    return sentences


def _elsewhere(base: pd.DataFrame, outcomes: pd.DataFrame, names: Names) -> list[str]:
    """In what share of the draws the single answer of the central values is not the only one."""
    sentences = []
    for order, own in base[base["concept"] == "nash"].groupby("order", sort=False):
        profiles = set(own["profile"])
        if len(profiles) != 1 or str(own["verdict"].iloc[0]) not in PROVED:
            continue
        text = support(own["profile"].iloc[0])
        row = outcomes[(outcomes["order"] == order) & (outcomes["profile"] == text)]
        lower = float(row["lower"].iloc[0]) if len(row) else 0.0
        if lower == 1.0:
            continue
        open_end = dict(outcomes.attrs.get("partial", {})).get(str(order), 0.0) > 0
        proved, give = ("proved to be ", "may give") if open_end else ("", "give")
        where = "at every point tried" if names.certain else f"in {percent(1 - lower)} of the draws"
        share = f"{outcome_said(text, names)} is not {proved}the only solution {where}"
        said = f"{share}: other admissible parameters {give} other answers."
        sentences += together([(during(str(order), names), said)])
    return sentences
