"""How are names, shares and numbers written for a reader?"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

__all__ = [
    "EQUILIBRIUM",
    "all_orders",
    "counted",
    "joined",
    "labelled",
    "number",
    "order_name",
    "order_phrase",
    "owner",
    "percent",
    "profile",
    "sentence_case",
    "spaced",
    "span",
    "times",
    "within",
]

Labels = Mapping[str, str]
SMALL, LARGE = 1e-7, 1e12  # numbers below and above are written with a power of ten
MOST = 1000  # characters of a list in a description: about a minute of reading aloud
ARTICLE = re.compile(r"[Tt]he ")  # begins labels of players that stand alone, and in no other name
ANY = "*"  # stands in a profile of a tree where nothing is said of a move


def spaced(name: str) -> str:
    """Write a name of the model file as words.

    >>> spaced("hybrid_surge")
    'hybrid surge'
    """
    return name.replace("_", " ").strip()


def labelled(name: str, labels: Labels | None = None) -> str:
    """Write a name by its label where it has one, else as words, each by its own label unless that has an article.

    >>> labels = {"nato": "NATO", "east": "the East"}
    >>> labelled("nato", labels), labelled("strike_nato_assets", labels), labelled("hybrid_surge")
    ('NATO', 'strike NATO assets', 'hybrid surge')
    >>> labelled("east", labels), labelled("loss_east", labels)
    ('the East', 'loss east')
    """
    known = labels or {}
    if name in known:
        return known[name]
    return " ".join(word if ARTICLE.match(known.get(word, "")) else known.get(word, word)
                    for word in spaced(name).split(" "))  # fmt: skip


def profile(text: str, labels: Labels | None = None) -> str:
    """Write a profile of strategies as words: actions, mixtures with their weights, or the actions of a mixture.

    A stroke parts the players, in the order of the model, or the moves of a tree; where a tree says nothing of a move,
    anything may be done there.

    >>> profile("surge, carry_on"), profile("surge, carry_on+strike")
    ('surge / carry on', 'surge / carry on + strike')
    >>> profile("0.5 limited_aid + 0.5 surge, carry_on", {"surge": "a surge"})
    '0.5 limited aid + 0.5 a surge / carry on'
    >>> profile("hold, *, surge")
    'hold / any / surge'
    """
    return " / ".join(" + ".join(_weighted(part, labels) for part in _parts(own)) for own in text.split(", "))


def _parts(strategy: str) -> list[str]:
    """The actions of a strategy, with their weights where it gives them."""
    return strategy.split(" + ") if " + " in strategy else strategy.split("+")


def _weighted(part: str, labels: Labels | None) -> str:
    """Write ``0.5 surge``, ``surge`` or ``mostly_heeded 2``, the second solution of a kind."""
    if part == ANY:
        return "any"
    weight, gap, action = part.partition(" ")
    weighted = gap and weight.replace(".", "").isdigit()
    return f"{weight} {labelled(action, labels)}" if weighted else labelled(part, labels)


EQUILIBRIUM = "equilibrium"  # the only order of play of models without one
OF_FORMS = MappingProxyType(
    {
        "simultaneous": "simultaneous play",
        "subgame_perfect": "subgame-perfect play",
        "sequential": "sequential play",
        EQUILIBRIUM: "equilibrium",
    }
)
"""Orders of play that are no player -> their names."""


def order_name(order: str, labels: Labels | None = None, concept: str = "nash") -> str:
    """Name an order of play.

    >>> order_name("simultaneous"), order_name("nato", {"nato": "NATO"}), order_name("nato", concept="commitment")
    ('simultaneous play', 'NATO first', 'nato first, committed to a mixture')
    """
    if order in OF_FORMS:
        return OF_FORMS[order]
    first = f"{labelled(order, labels)} first"
    return f"{first}, committed to a mixture" if concept == "commitment" else first


def order_phrase(order: str, labels: Labels | None = None, concept: str = "nash") -> str:
    """Name an order of play inside a sentence.

    >>> order_phrase("simultaneous"), order_phrase("nato", {"nato": "NATO"})
    ('in simultaneous play', 'when NATO moves first')
    """
    if order in OF_FORMS:
        return f"in {OF_FORMS[order]}"
    mixture = " and commits to a mixture" if concept == "commitment" else ""
    return f"when {labelled(order, labels)} moves first{mixture}"


def all_orders(orders: Iterable[str]) -> str:
    """The end of a phrase that is about several orders of play, or kinds of play of a tree; empty where there is one.

    >>> all_orders(["simultaneous", "nato"]), all_orders(["simultaneous", "sequential"]), all_orders(["equilibrium"])
    (', over all orders of play', ', over all kinds of play', '')
    """
    several = set(orders)
    if len(several) < 2:
        return ""
    return f", over all {'kinds' if several <= OF_FORMS.keys() else 'orders'} of play"


def sentence_case(text: str) -> str:
    """Write the first letter as a capital and leave the rest, NATO included, as it is.

    >>> sentence_case("in NATO")
    'In NATO'
    """
    return text[:1].upper() + text[1:]


def percent(share: float) -> str:
    """Write a share so that it never claims more than it knows: neither 0 % nor 100 % unless it is.

    >>> percent(0.1806), percent(0.0), percent(1.0), percent(0.0001), percent(0.9999)
    ('18.1%', '0%', '100%', 'less than 0.1%', 'more than 99.9%')
    """
    if not math.isfinite(share):
        return "unknown"
    if share in {0.0, 1.0}:
        return f"{share:.0%}"
    if share < 0.0005:
        return "less than 0.1%"
    return "more than 99.9%" if share > 0.9995 else f"{share:.1%}"


def span(lower: float, upper: float) -> str:
    """Write a lower and an upper share, once where they are written alike.

    >>> span(0.18, 0.18), span(0.18, 0.25)
    ('18.0%', '18.0% to 25.0%')
    """
    low, high = percent(lower), percent(upper)
    return low if low == high else f"{low} to {high}"


def number(value: float) -> str:
    """Write a number with four significant digits, thousands apart.

    >>> number(0.0123456), number(-1234567.0), number(20_000), number(0.1 + 0.2)
    ('0.01235', '-1,235,000', '20,000', '0.3')
    >>> number(0.0000328912), number(1e-12), number(-0.0)
    ('0.00003289', '1e-12', '0')
    """
    if float(value).is_integer() and abs(value) < 1e6:
        return f"{value + 0.0:,.0f}"
    rounded = f"{value:.4g}"
    if SMALL <= abs(value) < 1.0:
        return f"{Decimal(rounded):f}"
    return f"{float(rounded):,.0f}" if 1e4 <= abs(value) < LARGE else rounded


def owner(name: str) -> str:
    """Write whose something is.

    >>> owner("Russia"), owner("the United States")
    ("Russia's", "the United States'")
    """
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def joined(words: Sequence[str], last: str = "and") -> str:
    """Join words as a sentence does.

    >>> joined(["a"]), joined(["a", "b"]), joined(["a", "b", "c"], "or")
    ('a', 'a and b', 'a, b or c')
    """
    return " ".join([", ".join(words[:-1]), last, words[-1]]) if len(words) > 1 else "".join(words)


def counted(count: int, noun: str, plural: str = "") -> str:
    """Write a count with its noun, singular or plural.

    >>> counted(1, "region"), counted(0, "region"), counted(2, "equilibrium", "equilibria")
    ('1 region', 'no regions', '2 equilibria')
    """
    word = noun if count == 1 else plural or f"{noun}s"
    return f"{'no' if count == 0 else f'{count:,}'} {word}"


def within(parts: Sequence[str], gap: str = "; ", most: int = MOST) -> str:
    """Join parts to a text of at most about ``most`` characters, which says how many it leaves out.

    >>> within(["one", "two", "three"]), within(["one", "two", "three"], ", ", 8), within([])
    ('one; two; three', 'one, two, 1 more', '')
    """
    kept, length = 0, 0
    for part in parts:
        length += len(part) + len(gap)
        if kept and length > most + len(gap):
            break
        kept += 1
    more = [f"{len(parts) - kept} more"] if kept < len(parts) else []
    return gap.join([*parts[:kept], *more])


def times(count: int) -> str:
    """Write how often.

    >>> times(0), times(1), times(2), times(5)
    ('never', 'once', 'twice', '5 times')
    """
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")
