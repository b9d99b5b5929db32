"""How is a number written inside a sentence: with three digits, and never in powers of ten where words can tell it?"""

from __future__ import annotations

__all__ = ["amount", "between"]

SMALLEST = 1e-7  # written out as a decimal; what is smaller keeps its power of ten
LARGEST = 1e12


def amount(value: float, digits: int = 3) -> str:
    """Write a number with three significant digits, thousands apart, small ones as decimals; whole ones in full.

    >>> amount(0.012345), amount(4.312e-05), amount(-1234567.5), amount(20_000), amount(0.1 + 0.2), amount(-0.0)
    ('0.0123', '0.0000431', '-1,230,000', '20,000', '0.3', '0')
    >>> amount(2.2e-16), amount(float("inf")), amount(0.00052, 1)
    ('2.2e-16', 'inf', '0.0005')
    """
    if float(value).is_integer() and abs(value) < 1e6:
        return f"{value + 0.0:,.0f}"
    if not SMALLEST <= abs(value) < LARGEST:
        return f"{value:.{digits}g}"
    rounded = float(f"{value:.{digits}g}")
    places = max(0, digits - 1 - _magnitude(rounded))
    text = f"{rounded:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _magnitude(value: float) -> int:
    """The power of ten of the first digit."""
    return int(f"{value:e}".partition("e")[2])


def between(low: float, high: float) -> str:
    """Two ends of a value, once where they are written alike.

    >>> between(0.18, 0.25), between(0.18, 0.18001)
    ('0.18 to 0.25', '0.18')
    """
    first, last = amount(low), amount(high)
    return first if first == last else f"{first} to {last}"
