"""How is a number written inside a sentence: with three digits, and so that nobody has to count zeros?

One rule holds on the whole page: a number below one in ten thousand is told in millionths, ``92.1 millionths`` for
``0.0000921``, and so are the small numbers that it is compared with.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["amount", "between", "exact", "margin_of_error", "nearly_zero", "readable", "tiny"]

TINY = 1e-4  # what is smaller is told in millionths
COMPARED = 1e-2  # what is larger is not, whatever it is compared with
MILLIONTH = 1e-6
SMALLEST = 1e-9  # what is smaller is rounding, and keeps its power of ten
LARGEST = 1e12
LEAST_ERROR = 1e-5  # that is written out beside a number which is not told in millionths
ROUNDING = 1e-9  # a standard error this small beside its value is rounding, and none
PLAIN = r"-?\d+(?:,\d{3})*(?:\.\d+)?(?:[eE][-+]?\d+)?"
LONE = re.compile(rf"(?<![\w.,/-])({PLAIN})(?:( to )({PLAIN}))?(?![\w/%]|[.,]\d)")


def amount(value: float, digits: int = 3, *, millionths: bool | None = None) -> str:
    """Write a number with three significant digits, thousands apart; whole ones in full, tiny ones in millionths.

    ``millionths`` tells whether the number is to be written in millionths, where others beside it are.

    >>> amount(0.012345), amount(0.00052, 1), amount(-1234567.5), amount(20_000), amount(0.1 + 0.2), amount(-0.0)
    ('0.0123', '0.0005', '-1,230,000', '20,000', '0.3', '0')
    >>> amount(4.312e-05), amount(1e-6), amount(0.000853, millionths=True), amount(2.2e-16), amount(float("inf"))
    ('43.1 millionths', '1 millionth', '853 millionths', '2.2e-16', 'inf')
    """
    if _small(value) if millionths is None else millionths and value:
        text = amount(value / MILLIONTH, digits, millionths=False)
        return f"{text} millionth{'s' * (text not in {'1', '-1'})}"
    if float(value).is_integer() and abs(value) < 1e6:
        return f"{value + 0.0:,.0f}"
    if not SMALLEST <= abs(value) < LARGEST:
        return f"{value:.{digits}g}"
    rounded = float(f"{value:.{digits}g}")
    places = max(0, digits - 1 - _magnitude(rounded))
    text = f"{rounded:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def tiny(values: Iterable[float]) -> bool:
    """Whether one of some numbers that are compared is so small, and none so large, that all are told in millionths.

    >>> tiny([0.0, 0.5]), tiny([0.0000921, 0.000949]), tiny([0.0000921, 0.5])
    (False, True, False)
    """
    own = list(values)
    return any(map(_small, own)) and max(map(abs, own)) < COMPARED


def _small(value: float) -> bool:
    """Whether a number by itself is told in millionths."""
    return SMALLEST <= abs(value) < TINY


def _magnitude(value: float) -> int:
    """The power of ten of the first digit."""
    return int(f"{value:e}".partition("e")[2])


def between(low: float, high: float, *, millionths: bool | None = None) -> str:
    """Two ends of a value, once where they are written alike, with their unit once.

    >>> between(0.18, 0.25), between(0.18, 0.18001), between(0.0000921, 0.000949)
    ('0.18 to 0.25', '0.18', '92.1 to 949 millionths')
    """
    shared = True if tiny([low, high]) and millionths is None else millionths
    first, last = (amount(value, millionths=shared) for value in (low, high))
    unit = " millionths" if shared and last.endswith("s") else ""
    return first if first == last else f"{first.removesuffix(unit)} to {last}"


def margin_of_error(error: float, value: float, *, millionths: bool = False) -> str:
    """A standard error beside its value: two digits in the unit of the value, and none where it is rounding.

    >>> margin_of_error(0.000086, 0.00107), margin_of_error(5.2e-06, 0.000949, millionths=True)
    ('0.00009', '5.2 millionths')
    >>> margin_of_error(1.7e-18, 1.0), margin_of_error(0.0013, 0.228)
    ('0', '0.0013')
    """
    if error <= ROUNDING * max(abs(value), SMALLEST):
        return "0"
    if millionths or not _small(error):
        return amount(error, 2, millionths=millionths)
    return f"{error:.5f}".rstrip("0") if error >= LEAST_ERROR else f"less than {LEAST_ERROR:.5f}"


def nearly_zero(value: float) -> str:
    """A number that is zero in exact arithmetic, as a regret: what is left by rounding is told as such.

    >>> nearly_zero(0.0), nearly_zero(2.2e-16), nearly_zero(0.01)
    ('0', '0 up to rounding', '0.01')
    """
    return "0" if not value else "0 up to rounding" if abs(value) < SMALLEST else amount(value)


def exact(value: float, digits: int) -> str:
    """Many digits without a power of ten, for a table.

    >>> exact(0.0142171024309, 10), exact(3.636e-05, 4), exact(0.0, 10)
    ('0.01421710243', '0.00003636', '0')
    """
    text = f"{value:.{digits}g}"
    if "e-" not in text or abs(value) < SMALLEST:
        return text
    return f"{value:.{digits - 1 - _magnitude(value)}f}".rstrip("0").rstrip(".")


def readable(text: str) -> str:
    """A text that was written elsewhere, with its tiny numbers in millionths by the same rule.

    >>> readable("disaster 0.0000921 to 0.0009486, at 0.02; from 0.5 to -1.221e-06; up by 0.00003636, at 0.008.")
    'disaster 92.1 to 949 millionths, at 0.02; from 0.5 to -1.22 millionths; up by 36.4 millionths, at 0.008.'
    """
    return LONE.sub(_reread, text)


def _reread(found: re.Match[str]) -> str:
    """One number, or two ends of a range, in millionths where one of them is tiny."""
    first, link, last = found[1], found[2], found[3]
    values = [float(own.replace(",", "")) for own in (first, last) if own]
    if not any(map(_small, values)):
        return found[0]
    return between(*values) if link and tiny(values) else (link or "").join(amount(value) for value in values)
