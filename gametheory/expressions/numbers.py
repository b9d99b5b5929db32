"""Which exact number does a piece of text stand for?

Decimal text is read as the fraction that it says, so that ``0.1`` is one tenth and not the nearest double.
"""

from __future__ import annotations

import re
from fractions import Fraction

from gametheory.errors import FormulaError

__all__ = ["NUMBER", "exact_number"]

LONGEST_DIGITS = 60  # a double carries 17; more than this is a slip or an attack
LARGEST_EXPONENT = 300  # keeps every number and its square root well inside the range of a double

NUMBER = r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_PARTS = re.compile(r"[+-]?([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?", re.ASCII)
_DECIMAL = re.compile(rf"[+-]?{NUMBER}", re.ASCII)


def exact_number(text: str, column: int = 0) -> Fraction:
    """The fraction that decimal text stands for; `FormulaError` at `column` where it is no number or out of range.

    >>> exact_number("0.10"), exact_number("-1.5e2")
    (Fraction(1, 10), Fraction(-150, 1))
    """
    parts = _PARTS.fullmatch(text) if _DECIMAL.fullmatch(text) else None
    if parts is None:
        raise FormulaError(f"{text[:40]!r} is not a number; write it as 12, 0.5 or 1e-3", column)
    whole, decimals, exponent = parts.group(1), parts.group(2) or "", parts.group(3) or "0"
    if len(whole) + len(decimals) > LONGEST_DIGITS:
        digits = len(whole) + len(decimals)
        raise FormulaError(f"a number of {digits} digits; at most {LONGEST_DIGITS} are allowed", column)
    if len(exponent) > 5 or abs(int(exponent)) > LARGEST_EXPONENT:
        message = (
            f"exponent of {text[:40]!r} is out of range; it lies between -{LARGEST_EXPONENT} and {LARGEST_EXPONENT}"
        )
        raise FormulaError(message, column)
    number = Fraction(text)
    if number and abs(number) >= Fraction(10) ** LARGEST_EXPONENT:
        raise FormulaError(f"{text[:40]!r} is too large; numbers stay below 1e{LARGEST_EXPONENT}", column)
    return number
