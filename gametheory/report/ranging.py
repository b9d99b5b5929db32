"""How often does the answer at the central values stay where all parameters move over their laws?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from gametheory.figures.words import counted, joined, order_name, percent, span
from gametheory.report.phrases import UNNAMED, Names, outcome_said, support
from gametheory.report.section import Frames, only
from gametheory.report.shortening import shortest
from gametheory.report.unknowns import unknown_ranges

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["SURELY", "claims_counted", "ranging", "rivals"]

SURELY = 0.95  # share of the draws from which on a claim is said to hold, or to fail; else it is open
NAMED = 3  # solutions of one order whose shares a sentence gives
LEVEL = 1e-12  # shares closer than this are the same
ALL_OPEN = MappingProxyType({1: "the one claim is", 2: "both claims are"})
DETAILS = 5  # ways to say the sentence, each shorter than the one before


@dataclass(frozen=True)
class Stay:
    """How often the central solutions of one order of play stay, and which other outcomes are the most frequent.

    ``ends`` holds the lower and the upper share of each solution, ``rivals`` the others that are the most frequent,
    all with the same shares, and ``error`` the largest standard error of these shares.
    """

    order: str
    ends: dict[str, tuple[float, float]]
    rivals: tuple[str, ...]
    theirs: tuple[float, float]
    error: float

    @property
    def overtaken(self) -> bool:
        """Whether another outcome is more frequent than any of the central ones."""
        return bool(self.rivals) and self.theirs[1] > max(high for _, high in self.ends.values()) + LEVEL


def ranging(model: Model, base: pd.DataFrame | None, frames: Frames, names: Names) -> str:
    """In what share of the draws the central answer stays, what else is most frequent, and how the claims stand."""
    frame, audited = only(frames, "outcomes"), only(frames, "audit")
    laws = [own.law for own in model.parameters.values() if own.law.kind != "fixed"]
    certain = not any(law.has_probability for law in laws)
    held = claims_counted(only(frames, "claims") if audited is None else audited, certain=certain)
    start = f"If the parameters may lie anywhere in their {'intervals' if laws and certain else 'laws'}"
    if not laws:
        return f"{start}, nothing else is possible, for every law holds its parameter fixed{held}."
    if frame is None or base is None:
        return f"{start}, how often this answer stays was not computed for this page{held}."
    end = f"{_unsolved(frame, names)}{held}."
    if frame.empty:
        return f"{start}, no {'point tried' if certain else 'draw'} gave a solution{end}"
    stays = [own for own in (_stay(order, base, frame) for order in model.orders) if own is not None]
    if not stays:
        return f"{start}, there is no central answer that could stay{end}"
    error = max(own.error for own in stays)
    doubt = f", \u00b1 {100 * error:.2f} points" if error > 0 else ""
    draws = "" if certain else _draws(frame)
    values = [unknown_ranges(frames, names, meant=meant) for meant in (True, False)]
    return shortest(
        f"{start}, {_kept(stays, names, detail, draws)}{doubt}{_others(stays, names, detail, certain=certain)}"
        f"{value}{end}"
        for detail in range(DETAILS)
        for value in dict.fromkeys(values)
    )


def _draws(frame: pd.DataFrame) -> str:
    """How many draws there were, where that is known."""
    samples = frame.attrs.get("samples")
    return "the draws" if samples is None else counted(int(samples), "draw")


def _stay(order: str, base: pd.DataFrame, frame: pd.DataFrame) -> Stay | None:
    """How often the central solutions of one order stay; None where there are none."""
    solved = base[(base["order"] == order) & (base["concept"] == "nash")]
    profiles = list(dict.fromkeys(support(str(text)) for text in solved["profile"]))
    if not profiles:
        return None
    own = frame[frame["order"] == order]
    kept = own[own["profile"].isin(profiles)]
    shares = {str(row["profile"]): (float(row["lower"]), float(row["upper"])) for _, row in kept.iterrows()}
    others = rivals(own, profiles)
    shown = [row for part in (kept, others) for _, row in part.iterrows()]
    error = max((float(row[end]) for row in shown for end in ("lower_se", "upper_se")), default=0.0)
    theirs = (float(others["lower"].iloc[0]), float(others["upper"].iloc[0])) if len(others) else (0.0, 0.0)
    ends = {text: shares.get(text, (0.0, 0.0)) for text in profiles}
    return Stay(order, ends, tuple(others["profile"].astype(str)), theirs, error)


def rivals(own: pd.DataFrame, profiles: Sequence[str]) -> pd.DataFrame:
    """The most frequent outcomes of one order that are not among some profiles: all that share the highest shares."""
    others = own[~own["profile"].isin(profiles)].sort_values(["upper", "lower"], ascending=False, kind="stable")
    if others.empty:
        return others
    first = others.iloc[0]
    far = (others["upper"] - first["upper"]).abs() + (others["lower"] - first["lower"]).abs()
    alike: pd.DataFrame = others[far <= LEVEL]
    return alike


def _kept(stays: Sequence[Stay], names: Names, detail: int, draws: str) -> str:
    """In what share of the draws the central solutions stay, orders of play that say the same together."""
    groups: dict[tuple[str, str], list[str]] = {}
    for own in stays:
        groups.setdefault(_said(own, names, detail, certain=not draws), []).append(own.order)
    if detail == DETAILS - 1 and len(groups) > 1 and draws:
        low = min(share for own in stays for share, _ in own.ends.values())
        high = max(share for own in stays for _, share in own.ends.values())
        kind = "order" if names.form == "strategic" else "kind"
        return (
            f"the central answer stays in {span(low, high)} of {draws}, as the {kind} of play and the solution may be"
        )
    parts: list[str] = []
    before = ""
    for (subject, share), orders in groups.items():
        words = subject.replace(" stays", "").replace(" each stay", "") if parts else subject
        said = share.removeprefix("in ") if subject == before else f"{words} {share}".strip()
        of = f" of {draws}" if draws and not parts else ""
        parts.append(f"{said}{of}{_where(orders, names)}")
        before = subject
    return joined(parts)


def _said(own: Stay, names: Names, detail: int, *, certain: bool) -> tuple[str, str]:
    """The subject, with its verb, and the share in which it stays."""
    if len(own.ends) == 1 and names.form == "analytic":
        ((kind, ends),) = own.ends.items()
        said = "there is a solution" if kind in UNNAMED else f"the outcome stays {outcome_said(kind, names)}"
        return said, _share(*ends, certain=certain)
    if len(own.ends) == 1:
        return "the central answer stays", _share(*next(iter(own.ends.values())), certain=certain)
    if len(set(own.ends.values())) > 1 and len(own.ends) <= NAMED and detail < 2:
        told = [(outcome_said(text, names), _share(*ends, certain=certain)) for text, ends in own.ends.items()]
        (first, share), *more = told
        return "", joined([f"{first} stays {share}", *(f"{text} {other}" for text, other in more)])
    if len(set(own.ends.values())) == 1:
        return "the central solutions each stay", _share(*next(iter(own.ends.values())), certain=certain)
    most = max(own.ends.values(), key=lambda ends: ends[::-1])
    return "the most frequent of the central solutions stays", _share(*most, certain=certain)


def _share(low: float, high: float, *, certain: bool) -> str:
    """In what share of the draws, as the only solution to one of several; in words where nothing has a probability."""
    if not certain:
        return f"in {span(low, high)}"
    if low >= 1.0:
        return "at every point tried, as the only solution"
    return "at some of the points tried, or not alone" if high > 0.0 else "at none of the points tried"


def _where(orders: Sequence[str], names: Names) -> str:
    """The orders of play in brackets; a model with one alone has none to tell apart."""
    return "" if names.form == "analytic" else f" ({_orders(orders, names)})"


def _orders(orders: Sequence[str], names: Names) -> str:
    """The names of some orders of play: ``subgame-perfect and sequential play``."""
    told = [order_name(order, names.labels) for order in orders]
    tail = told[-1].rpartition(" ")[2]
    return joined([*(own.removesuffix(f" {tail}") for own in told[:-1]), told[-1]])


def _others(stays: Sequence[Stay], names: Names, detail: int, *, certain: bool) -> str:
    """The most frequent other outcome of each order; where that is too long, of those in which it is ahead."""
    if not any(own.rivals for own in stays):
        return "; no other kind of outcome came about" if names.form == "analytic" else "; nothing else came about"
    if certain:
        return _besides(stays, names)
    groups: dict[tuple[str, str, float], list[str]] = {}
    for own in stays:
        if own.rivals and (not detail or own.overtaken):
            key = (*_rival(own, names), own.theirs[1])
            groups.setdefault(key, []).append(own.order)
    if detail in (2, DETAILS - 1) and groups:
        first = max(groups, key=lambda key: key[2])
        groups = {first: groups[first]}
    told = []
    for (rival, share, _), orders in groups.items():
        where = "" if names.form == "analytic" or detail > 2 else f", {_orders(orders, names)}"
        told.append(f"{'another outcome' if detail > 2 else rival} ({share}{where})")
    if not told:
        return "; no other is more frequent"
    return f"; {'more' if detail else 'most'} frequent {'is' if detail else 'otherwise is'} {joined(told)}"


def _besides(stays: Sequence[Stay], names: Names) -> str:
    """Which other outcomes come about where nothing has a probability, so that none is more frequent than another."""
    others = list(dict.fromkeys(text for own in stays for text in own.rivals))
    if len(others) == 1:
        return f"; at some of them {outcome_said(others[0], names)} comes about"
    return f"; at some of them {len(others)} other outcomes come about"


def _rival(own: Stay, names: Names) -> tuple[str, str]:
    """The most frequent other outcome and its share; several that are as frequent are counted, none is picked."""
    said = outcome_said(own.rivals[0], names) if len(own.rivals) == 1 else f"each of {len(own.rivals)} others"
    return said, span(*own.theirs)


def _unsolved(frame: pd.DataFrame, names: Names) -> str:
    """The largest shares of draws that were not solved, or whose list of solutions may lack some."""
    said = ""
    for key, text in (("failed", "could not be solved"), ("partial", "may have solutions that are not listed")):
        shares = {str(order): float(own) for order, own in dict(frame.attrs.get(key, {})).items() if own}
        if shares:
            order = max(shares, key=lambda name: shares[name])
            said += f"; {'up to ' * (len(shares) > 1)}{percent(shares[order])} {text}{_where([order], names)}"
    return said


def claims_counted(frame: pd.DataFrame | None, *, certain: bool = False) -> str:
    """How many claims hold in every solution, fail in every solution, and are open.

    >>> import pandas as pd
    >>> claims_counted(pd.DataFrame({"all": [1.0, 0.5, 0.1], "none": [0.0, 0.5, 0.2]}))
    '; of 3 claims, 1 holds and none fails in at least 95%, and 2 are open'
    """
    if frame is None or frame.empty:
        return ""
    holds, fails, count = int((frame["all"] >= SURELY).sum()), int((frame["none"] >= SURELY).sum()), len(frame)
    where = "at every point tried" if certain else f"in at least {SURELY:.0%}"
    left = count - holds - fails
    if left == count:
        return f"; {ALL_OPEN.get(count, f'all {count} claims are')} open"
    verbs = f"{holds or 'none'} hold{'s' * (holds <= 1)} and {fails or 'none'} fail{'s' * (fails <= 1)} {where}"
    tail = f", and {left} {'is' if left == 1 else 'are'} open" if left else ""
    return f"; of {counted(count, 'claim')}, {verbs}{tail}"
