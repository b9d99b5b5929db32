"""How is the text of a formula read into a tree?

A closed grammar: numbers, names, ``+ - * / ( )``, ``**`` with a whole number between -16 and 16, a comparison as the
first argument of ``where`` or as a whole condition, and the functions of `FUNCTIONS`. There is no other syntax, so
there is nothing to forbid.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeAlias

from gametheory.errors import FormulaError, did_you_mean
from gametheory.expressions.numbers import exact_number
from gametheory.expressions.tokens import Token, tokens

__all__ = ["FUNCTIONS", "Formula", "Tree", "parse", "parse_condition"]

Tree: TypeAlias = tuple[Any, ...]
"""``("number", Fraction)``, ``("name", str)``, ``("negative", tree)``, ``(operator, tree, tree)``,
``("**", tree, int)`` or ``(function, tree, ...)``."""

FUNCTIONS = MappingProxyType(
    {
        "min": (2, None, "the smallest of its arguments"),
        "max": (2, None, "the largest of its arguments"),
        "abs": (1, 1, "the size without the sign"),
        "exp": (1, 1, "the exponential"),
        "log": (1, 1, "the natural logarithm"),
        "sqrt": (1, 1, "the square root"),
        "where": (3, 3, "where(a < b, x, y): x where the comparison holds, else y"),
        "clip": (3, 3, "clip(x, low, high): x kept between low and high"),
        "normal": (1, 1, "the standard normal distribution function"),
        "normal_density": (1, 1, "the standard normal density"),
        "binormal": (3, 3, "binormal(x, y, rho): the distribution function of two standard normal variables"),
    }
)
"""Function name -> (fewest arguments, most arguments, meaning)."""

IRRATIONAL = frozenset({"exp", "log", "sqrt", "normal", "normal_density", "binormal"})
COMPARISONS = frozenset({"<", "<=", ">", ">="})
LARGEST_POWER = 16
_BINDING = MappingProxyType({"+": 1, "-": 1, "*": 2, "/": 2, "**": 4})
_UNARY_BINDING = 3  # between product and power, so that -x**2 is -(x**2)

_Step: TypeAlias = tuple[Tree, int]


@dataclass(frozen=True)
class Formula:
    """A formula that has been read: its text, its tree and the names in it.

    `columns` gives the 0-based place where each name first stands. `rational` says that fractions in give a
    fraction out, so that the formula can be evaluated exactly.

    >>> formula = parse("stake * win - cost")
    >>> sorted(formula.names), formula.rational
    (['cost', 'stake', 'win'], True)
    """

    text: str = field(compare=False)
    tree: Tree
    columns: tuple[tuple[str, int], ...] = field(compare=False)
    rational: bool

    @property
    def names(self) -> frozenset[str]:
        """Every parameter, table or quantity that the formula mentions."""
        return frozenset(name for name, _ in self.columns)

    @property
    def canonical(self) -> str:
        """The formula in one spelling, whatever its spaces, brackets and spelling of numbers.

        >>> parse("0.10 * (x)").canonical == parse("0.1*x").canonical
        True
        """
        return _spelling(self.tree)


def parse(text: str) -> Formula:
    """Read a formula; raises `FormulaError` with the column and what to try, and nothing else.

    >>> parse("1 - exp(-risk * exposure)").text
    '1 - exp(-risk * exposure)'
    >>> parse("stake.__class__")
    Traceback (most recent call last):
    ...
    gametheory.errors.FormulaError: '.' is not allowed in a formula; write a number as 0.5; names have no dots
    """
    found = tokens(text)
    tree, after = _expression(found, 0, 0)
    return _formula(text, found, tree, after)


def parse_condition(text: str) -> Formula:
    """Read a comparison of two formulas, whose value is 1 where it holds and 0 where it does not.

    A comparison with what is not a number does not hold. Raises `FormulaError` with the column and what to try.

    >>> parse_condition("cost_troops >= 2 * cost_aid").tree
    ('>=', ('name', 'cost_troops'), ('*', ('number', Fraction(2, 1)), ('name', 'cost_aid')))
    """
    found = tokens(text)
    left, at = _expression(found, 0, 0)
    if at == len(found):
        last = found[-1]
        message = "nothing is compared; a condition is a comparison of two formulas such as a < b"
        raise FormulaError(message, last.column + len(last.text) - 1)
    sign = found[at]
    if sign.text not in COMPARISONS:
        raise FormulaError(_leftover(found, at), sign.column)
    right, after = _expression(found, at + 1, 0)
    if after < len(found) and found[after].text in COMPARISONS:
        message = "a condition compares two formulas; write a second condition for the other comparison"
        raise FormulaError(message, found[after].column)
    return _formula(text, found, (sign.text, left, right), after)


def _formula(text: str, found: tuple[Token, ...], tree: Tree, after: int) -> Formula:
    """What was read as a formula, if nothing is left over."""
    if after < len(found):
        raise FormulaError(_leftover(found, after), found[after].column)
    called = {found[i].text for i in range(len(found) - 1) if found[i].kind == "name" and found[i + 1].text == "("}
    places: dict[str, int] = {}
    for token in found:
        if token.kind == "name" and token.text not in FUNCTIONS:
            places.setdefault(token.text, token.column)
    return Formula(text, tree, tuple(places.items()), not called & IRRATIONAL)


def _expression(found: tuple[Token, ...], at: int, binding: int) -> _Step:
    """Read operands joined by operators that bind tighter than `binding`."""
    tree, at = _operand(found, at)
    while at < len(found) and _BINDING.get(found[at].text, 0) > binding:
        sign = found[at].text
        if sign == "**":
            power, at = _power(found, at + 1)
            tree = (sign, tree, power)
        else:
            right, at = _expression(found, at + 1, _BINDING[sign])
            tree = (sign, tree, right)
    return tree, at


def _operand(found: tuple[Token, ...], at: int) -> _Step:
    """Read a number, a name, a call or a bracket, with the signs before it."""
    start, negative = at, False
    while at < len(found) and found[at].text in ("+", "-"):
        negative ^= found[at].text == "-"
        at += 1
    if at > start:
        tree, at = _expression(found, at, _UNARY_BINDING)
        return (("negative", tree) if negative else tree), at
    if at >= len(found):
        last = found[-1]
        message = f"the formula ends after {last.text!r}; expected a number, a name or '('"
        raise FormulaError(message, last.column + len(last.text) - 1)
    token = found[at]
    if token.kind == "number":
        return ("number", exact_number(token.text, token.column)), at + 1
    if token.kind == "name":
        return _name(found, at)
    if token.text != "(":
        raise FormulaError(f"expected a number, a name or '(' before {token.text!r}", token.column)
    tree, at = _expression(found, at + 1, 0)
    _expect(found, at, ")")
    return tree, at + 1


def _name(found: tuple[Token, ...], at: int) -> _Step:
    token = found[at]
    called = at + 1 < len(found) and found[at + 1].text == "("
    if token.text in FUNCTIONS and not called:
        raise FormulaError(f"{token.text!r} is a function; write {token.text}(...)", token.column)
    if token.text not in FUNCTIONS and called:
        near = did_you_mean(token.text, FUNCTIONS) or f"; the functions are {', '.join(FUNCTIONS)}; a product needs '*'"
        raise FormulaError(f"no function named {token.text!r}{near}", token.column)
    if not called:
        return ("name", token.text), at + 1
    first = _comparison if token.text == "where" else _argument
    arguments, at = _arguments(found, at + 2, first)
    _check_count(token, len(arguments))
    return (token.text, *arguments), at


def _arguments(found: tuple[Token, ...], at: int, first: Callable[[tuple[Token, ...], int], _Step]) -> _Step:
    """Read the arguments of a call up to and with its closing bracket."""
    if found[at].text == ")":
        return (), at + 1
    tree, at = first(found, at)
    arguments = [tree]
    while found[at].text == ",":
        tree, at = _argument(found, at + 1)
        arguments.append(tree)
    _expect(found, at, ")")
    return tuple(arguments), at + 1


def _argument(found: tuple[Token, ...], at: int) -> _Step:
    return _expression(found, at, 0)


def _comparison(found: tuple[Token, ...], at: int) -> _Step:
    """Read ``a < b``: the first argument of ``where`` and of nothing else."""
    left, at = _expression(found, at, 0)
    sign = found[at]
    if sign.text not in COMPARISONS:
        raise FormulaError("the first argument of where(...) is a comparison such as a < b", sign.column)
    right, at = _expression(found, at + 1, 0)
    return (sign.text, left, right), at


def _power(found: tuple[Token, ...], at: int) -> tuple[int, int]:
    """Read the whole number after ``**``."""
    sign = 1
    if at < len(found) and found[at].text in ("+", "-"):
        sign = -1 if found[at].text == "-" else 1
        at += 1
    token = found[min(at, len(found) - 1)]
    if at >= len(found) or not token.text.isdigit() or len(token.text) > 2 or int(token.text) > LARGEST_POWER:
        allowed = f"a whole number between -{LARGEST_POWER} and {LARGEST_POWER}"
        others = "use sqrt, or exp and log, for others"
        raise FormulaError(f"after '**' stands {allowed}, as in x**2; {others}", token.column)
    if at + 1 < len(found) and found[at + 1].text == "**":
        raise FormulaError("a power of a power; write brackets, as in (x**2)**3", found[at + 1].column)
    return sign * int(token.text), at + 1


def _check_count(token: Token, count: int) -> None:
    fewest, most, _ = FUNCTIONS[token.text]
    if count < fewest or (most is not None and count > most):
        expected = f"{fewest}" if fewest == most else f"at least {fewest}"
        raise FormulaError(
            f"{token.text} takes {expected} argument{'' if fewest == 1 else 's'}, got {count}", token.column
        )


def _expect(found: tuple[Token, ...], at: int, sign: str) -> None:
    """Check for the sign that must come next; brackets are known to match."""
    if found[at].text != sign:
        raise FormulaError(_leftover(found, at), found[at].column)


def _leftover(found: tuple[Token, ...], at: int) -> str:
    """Why the formula cannot go on at a token."""
    text = found[at].text
    if text in COMPARISONS:
        return f"{text!r} compares; a comparison stands only as the first argument of where(...)"
    if text == ",":
        return "',' stands only between the arguments of a function; write a decimal point as in 1.5"
    return f"expected an operator between {found[at - 1].text!r} and {text!r}; write '*' for a product"


def _spelling(branch: Any) -> str:
    """A tree as text with every bracket written; one frame a level."""
    if not isinstance(branch, tuple):
        return str(branch)
    text = ""
    for part in branch:
        text += f" {_spelling(part)}"
    return f"({text[1:]})"
