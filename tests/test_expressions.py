"""Is the grammar of formulas closed, and do doubles and fractions agree?"""

from __future__ import annotations

import time
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given, settings, strategies as st

from gametheory.errors import ComputationError, FormulaError
from gametheory.expressions import evaluate, evaluate_exact, exact_number, parse, parse_condition

ATTACKS = {
    "attribute": "risk.tofile",
    "dunder": "risk.__class__.__mro__",
    "import": "__import__('os')",
    "comprehension": "[x for x in risk]",
    "generator": "max(x for x in risk)",
    "lambda": "lambda x: 1",
    "subscript": "risk[0]",
    "string": "'abc' * 9",
    "f-string": "f'{risk}'",
    "huge power": "9**9**9",
    "huge exponent": "9**999999999",
    "name as exponent": "2**risk",
    "nested brackets": "(" * 10_000 + "1" + ")" * 10_000,
    "nested brackets in length": "(" * 900 + "1" + ")" * 900,
    "nested calls": "abs(" * 300 + "1" + ")" * 300,
    "megabyte of digits": "1" * 1_000_000,
    "hundreds of digits": "1" * 300,
    "hundreds of decimals": "0." + "1" * 300,
    "exponent 400": "1e400",
    "exponent -400": "1e-400",
    "exponent of many digits": "1e" + "9" * 200,
    "chain of operators": "+".join(["1"] * 500),
    "walrus": "(x := 1)",
    "assignment": "risk = 1",
    "statement": "1; 2",
    "comment": "1 # 2",
    "keyword": "1 if risk else 2",
    "boolean": "1 and 2",
    "equality": "where(risk == 1, 1, 2)",
    "comparison outside where": "1 < 2",
    "chained comparison": "where(1 < 2 < 3, 1, 2)",
    "comparison in brackets": "where((1 < 2), 1, 2)",
    "floor division": "1 // 2",
    "remainder": "1 % 2",
    "matrix product": "1 @ 2",
    "unknown function": "eval(1)",
    "carriage return": "1 +\r 2",
    "form feed": "1 +\f 2",
    "null": "1\x00",
    "no-break space": "1\u00a0+ 2",
    "cyrillic letter": "\u0440isk + 1",
    "full-width digit": "\uff11 + 1",
    "arabic digit": "\u0661 + 1",
    "mathematical letter": "\U0001d431 + 1",
    "superscript": "2\u00b2",
    "minus sign": "1 \u2212 2",
    "starred": "max(*risk)",
    "keyword argument": "max(a=1, b=2)",
    "ellipsis": "...",
    "complex": "1j",
    "hexadecimal": "0x10",
    "grouped digits": "1_000",
    "decimal comma": "1,5",
    "empty": "",
    "blank": " \n\t ",
    "function without call": "min + 1",
    "too few arguments": "min(1)",
    "too many arguments": "exp(1, 2)",
    "no comparison": "where(1, 2, 3)",
    "trailing operator": "1 +",
    "trailing comma": "min(1, 2,)",
    "two numbers": "1 2",
    "unclosed": "(1",
    "unopened": "1)",
    "power without exponent": "2**",
    "fractional exponent": "2**0.5",
    "exponent 17": "2**17",
}


@pytest.mark.parametrize("text", ATTACKS.values(), ids=ATTACKS)
def test_what_is_not_arithmetic_is_refused_quickly_and_clearly(text: str) -> None:
    start = time.process_time()

    with pytest.raises(FormulaError) as refused:
        parse(text)

    assert time.process_time() - start < 0.1
    assert len(refused.value.message) < 250
    assert refused.value.message.isascii()
    assert 0 <= refused.value.column <= max(0, len(text) - 1)


@pytest.mark.parametrize(
    ("text", "column", "sentence"),
    [
        ("1 + risk^2", 8, "write '**'"),
        ("2 * (1 + (risk)", 4, "never closed"),
        ("risk + mni(1, 2)", 7, "did you mean 'min'?"),
        ("1 \N{MINUS SIGN} 2", 2, "use the plain minus '-'"),
        ("2 risk", 2, "write '*' for a product"),
        ("risk.real", 4, "'.' is not allowed"),
        ("1 + 1e400", 4, "out of range"),
    ],
)
def test_a_refusal_names_the_column_and_what_to_try(text: str, column: int, sentence: str) -> None:
    with pytest.raises(FormulaError) as refused:
        parse(text)

    assert refused.value.column == column
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 4 - 3", 3),
        ("12 / 3 / 2", 2),
        ("-2**2", -4),
        ("(-2)**2", 4),
        ("2**-1", Fraction(1, 2)),
        ("2 * -3", -6),
        ("2 - -3", 5),
        ("--+-3", -3),
        ("0.1 + 0.2", Fraction(3, 10)),
        ("1e-3 * 1.5e3", Fraction(3, 2)),
        (".5 + 1.", Fraction(3, 2)),
        ("min(3, 1, 2) + max(3, 1, 2)", 4),
        ("abs(-2) * abs(2)", 4),
        ("clip(5, 0, 1) + clip(-5, 0, 1) + clip(1/2, 0, 1)", Fraction(3, 2)),
        ("where(1 < 2, 3, 4) + where(2 <= 1, 3, 4)", 7),
        ("where(1 > 2, 3, where(2 >= 2, 5, 6))", 5),
        ("where(0 < 1, 2, 1 / 0)", 2),
        ("min(1 / 0, 3)", 3),
        ("max(-1 / 0, 3)", 3),
        ("1\n + 1", 2),
    ],
)
def test_arithmetic_means_what_it_means_in_python(text: str, value: Fraction) -> None:
    formula = parse(text)

    assert evaluate_exact(formula, {}).item() == value
    assert evaluate(formula, {}).item() == pytest.approx(float(value), rel=1e-15)


def test_transcendental_functions_are_natural_and_never_exact() -> None:
    formula = parse("exp(1) + log(2) + sqrt(3)")

    assert evaluate(formula, {}).item() == pytest.approx(np.e + np.log(2) + np.sqrt(3), rel=1e-15)
    assert not formula.rational
    with pytest.raises(FormulaError, match="no exact value"):
        evaluate_exact(formula, {})


def test_a_formula_knows_its_names_and_where_they_first_stand() -> None:
    formula = parse("stake * win - min(stake, cost)")

    assert formula.names == {"stake", "win", "cost"}
    assert dict(formula.columns) == {"stake": 0, "win": 8, "cost": 25}


def test_a_name_without_a_value_is_an_error_at_its_column() -> None:
    with pytest.raises(FormulaError, match="did you mean 'risk'") as refused:
        evaluate(parse("1 + rsk"), {"risk": np.ones(1)})

    assert refused.value.column == 4


def test_values_broadcast_over_games_and_actions() -> None:
    values = {"risk": np.array([0.1, 0.2]).reshape(2, 1, 1), "exposure": np.arange(3.0).reshape(1, 3, 1)}

    value = evaluate(parse("1 - risk * exposure"), values)

    np.testing.assert_allclose(value[:, :, 0], [[1, 0.9, 0.8], [1, 0.8, 0.6]])


@pytest.mark.parametrize(("text", "value"), [("1/0", np.inf), ("-1/0", -np.inf), ("0/0", np.nan), ("log(0)", -np.inf)])
def test_division_by_zero_gives_no_warning_and_no_number(text: str, value: float) -> None:
    np.testing.assert_equal(evaluate(parse(text), {}).item(), value)


@pytest.mark.parametrize("text", ["1/p", "-1/p", "p/p", "p**-2", "1/p - 1/p"])
def test_an_exact_division_by_zero_is_what_the_doubles_say(text: str) -> None:
    exact = evaluate_exact(parse(text), {"p": np.array([Fraction(0)], dtype=object)})

    np.testing.assert_equal(float(exact[0]), evaluate(parse(text), {"p": np.zeros(1)})[0])


def test_exact_values_that_outgrow_memory_are_refused_quickly() -> None:
    formula = parse("((((p**16)**16)**16)**16)**16")
    start = time.process_time()

    with pytest.raises(ComputationError, match="bits"):
        evaluate_exact(formula, {"p": np.array([Fraction(1, 3)], dtype=object)})

    assert time.process_time() - start < 1


def test_the_deepest_formula_that_is_allowed_can_be_evaluated_and_spelt() -> None:
    nested = parse("(" * 60 + "1" + " + 1)" * 60)
    chain = parse("+".join(["x"] * 200))

    assert evaluate(nested, {}).item() == 61
    assert evaluate(chain, {"x": np.ones(1)}).item() == 200
    assert chain.canonical.count("name x") == 200


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("0.10*x", "(0.1)  * x", True), ("1e2", "100.0", True), ("a+b", "b+a", False), ("a-b-c", "a-(b-c)", False)],
)
def test_the_canonical_spelling_forgets_layout_and_nothing_else(one: str, other: str, same: bool) -> None:
    assert (parse(one).canonical == parse(other).canonical) is same


@given(st.text(max_size=60) | st.text(alphabet="ab01.+-*/()<>=,e _whrminx\n", max_size=80))
@example("0" * 2_000)
@example("-" * 399 + "1")
@settings(max_examples=600, deadline=None)
def test_any_text_is_read_or_refused_with_a_column(text: str) -> None:
    refused: FormulaError | None = None
    try:
        formula = parse(text)
    except FormulaError as error:
        refused = error

    assert formula.names == set(dict(formula.columns)) if refused is None else 0 <= refused.column <= len(text)


NAMES = ("a", "b", "c")
POSITIVE = st.fractions(min_value=Fraction(1, 100), max_value=100, max_denominator=100)


def formulas(minus: bool) -> st.SearchStrategy[str]:
    """Random formulas; without a minus nothing cancels, so that doubles keep their precision."""
    leaf = st.sampled_from(NAMES) | st.integers(1, 9).map(str) | st.sampled_from(["0.1", "2.5", "1e-2"])
    signs = st.sampled_from(["+", "*", "-"] if minus else ["+", "*", "/"])

    def grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        pair = st.tuples(inner, signs, inner).map(lambda parts: f"({parts[0]} {parts[1]} {parts[2]})")
        call = st.tuples(st.sampled_from(["min", "max"]), inner, inner).map(lambda p: f"{p[0]}({p[1]}, {p[2]})")
        power = st.tuples(inner, st.integers(0, 3)).map(lambda parts: f"({parts[0]})**{parts[1]}")
        return pair | call | power

    return st.recursive(leaf, grow, max_leaves=8)


@given(formulas(minus=False), st.tuples(POSITIVE, POSITIVE, POSITIVE))
@settings(max_examples=300, deadline=None)
def test_doubles_agree_with_fractions_to_twelve_digits(text: str, numbers: tuple[Fraction, ...]) -> None:
    formula = parse(text)

    double = evaluate(formula, {name: np.array([float(x)]) for name, x in zip(NAMES, numbers, strict=True)})
    exact = evaluate_exact(formula, {name: np.array([x], dtype=object) for name, x in zip(NAMES, numbers, strict=True)})

    assert abs(Fraction(float(double.reshape(-1)[0])) - exact.reshape(-1)[0]) <= exact.reshape(-1)[0] / 10**12


@given(formulas(minus=True), st.tuples(POSITIVE, POSITIVE, POSITIVE))
@settings(max_examples=300, deadline=None)
def test_doubles_agree_with_fractions_where_terms_cancel(text: str, numbers: tuple[Fraction, ...]) -> None:
    values = dict(zip(NAMES, numbers, strict=True))
    exact_values = {name: np.array([x], dtype=object) for name, x in values.items()}

    double = evaluate(parse(text), {name: np.array([float(x)]) for name, x in values.items()})
    exact = evaluate_exact(parse(text), exact_values)
    size = evaluate_exact(parse(text.replace("-", "+").replace("min", "max")), exact_values)  # of the terms that cancel

    assert abs(Fraction(float(double.reshape(-1)[0])) - exact.reshape(-1)[0]) <= size.reshape(-1)[0] / 10**12


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30, places=12))
def test_a_number_is_the_fraction_that_its_text_says(number: object) -> None:
    assert exact_number(str(number)) == Fraction(str(number))
    assert float(exact_number(str(number))) == float(str(number))


@pytest.mark.parametrize("sign", ["<", "<=", ">", ">="])
def test_a_condition_is_where_with_its_comparison(sign: str) -> None:
    values = {"a": np.array([0.0, 1.0, 2.0, np.nan]), "b": np.array([1.0, 1.0, 1.0, 1.0])}

    holds = evaluate(parse_condition(f"a {sign} 2 * b - 1"), values)

    assert holds.tolist() == evaluate(parse(f"where(a {sign} 2 * b - 1, 1, 0)"), values).tolist()


@pytest.mark.parametrize(
    ("text", "column", "sentence"),
    [
        ("a + b", 4, "nothing is compared"),
        ("a < b < c", 6, "a condition compares two formulas"),
        ("a <", 2, "the formula ends after '<'"),
        ("a < b c", 6, "expected an operator between 'b' and 'c'"),
        ("(a < b)", 3, "a comparison stands only"),
        ("a == b", 2, "compare with <, <=, > or >=, inside where(...) or in a condition"),
    ],
)
def test_text_that_is_no_condition_is_refused_where_it_goes_wrong(text: str, column: int, sentence: str) -> None:
    with pytest.raises(FormulaError) as refused:
        parse_condition(text)

    assert sentence in refused.value.message
    assert refused.value.column == column
