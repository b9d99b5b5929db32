"""Do the unknowns, equations, decision and regimes of a file fit together, and what do they say?"""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from gametheory.errors import FormulaError, InputError, did_you_mean
from gametheory.expressions import FUNCTIONS, Formula, parse, parse_condition
from gametheory.games.analytic import OTHER, Decision, Equation, System, Unknown
from gametheory.model import Model
from gametheory.model.nouns import closed
from gametheory.reader.draft import Draft, Finding, counted, offer
from gametheory.reader.ranks import ranked_names
from gametheory.reader.tree import Node, Path

__all__ = ["analytic_findings", "analytic_values", "system_of", "variable_names"]

_EQUALS = re.compile(r"(?<![<>=])=(?!=)")  # not the sign of a comparison


def variable_names(draft: Draft) -> dict[str, str]:
    """The names to which a solution gives values, and what they are."""
    names = dict.fromkeys(draft.keys("unknowns"), "unknown")
    chosen = draft.value("decision", "choose")
    return names if chosen is None else {**names, str(chosen): "choice"}


def analytic_findings(draft: Draft) -> Iterator[Finding]:
    """Everything that is wrong with what only analytic models have; nothing where the model is of another form."""
    if draft.form != "analytic":
        return
    fixed, moving = _known(draft)
    yield from _name_findings(draft)
    yield from _count_findings(draft)
    for name in draft.keys("unknowns"):
        for end in ("low", "high"):
            yield from _formula_findings(draft, ("unknowns", name, end), fixed, {**moving})
    choice = {name: kind for name, kind in moving.items() if "choice" in kind}
    settled = {name: kind for name, kind in moving.items() if name not in choice}
    for name in draft.keys("equations"):
        yield from _equation_findings(draft, ("equations", name), {**fixed, **settled}, choice)
    yield from _decision_findings(draft, fixed, moving)
    for name in draft.keys("regimes"):
        if name == OTHER:
            message = f"{OTHER!r} is the regime of what fits none of those named; choose another name"
            yield Finding(("regimes", name), message, at_key=True)
        yield from _formula_findings(draft, ("regimes", name), {**fixed, **moving}, {}, parse_condition)
    for name in draft.keys("measures"):
        yield from _formula_findings(draft, ("measures", name, "expected"), {**fixed, **moving}, {})
    for name in draft.keys("claims"):
        yield from _claim_findings(draft, ("claims", name, "holds"))


def system_of(root: Node) -> System:
    """The system of a file in which nothing is wrong."""
    content = root.plain()
    unknowns = tuple(_unknown(name, own) for name, own in _parts(root, "unknowns"))
    equations = closed({name: _equation(own.text) for name, own in _parts(root, "equations")})
    regimes = closed({name: parse_condition(own.text) for name, own in _parts(root, "regimes")})
    decision = None
    if "decision" in root.parts:
        own = root.parts["decision"].parts
        low, high, best = (parse(own[key].text) for key in ("low", "high", "maximise"))
        decision = Decision(own["player"].text, own["choose"].text, low, high, best)
    return System(unknowns, equations, bool(content.get("guaranteed", False)), decision, regimes)


def analytic_values(model: Model) -> Iterator[Finding]:
    """Brackets and quantities that are not finite at the central values."""
    games = model.systems()
    system = games.system
    brackets = [(("unknowns", own.name, "low"), own.low, own.high) for own in system.unknowns]
    if system.decision is not None:
        brackets.append((("decision", "choose", "low"), system.decision.low, system.decision.high))
    for path, low, high in brackets:
        try:
            games.ends(low, high, "bracket")
        except InputError as error:
            place = path if path[0] == "unknowns" else ("decision", "low")
            yield Finding(place, f"{error} at the central values".replace("bracket: ", "").replace(" in game 0", ""))
    still = {name: formula for name, formula in games.quantities.items() if name not in games.moving}
    for name, formula in still.items():
        value = float(games.values([formula], np.zeros(1, dtype=np.int64))[0][0])
        if not np.isfinite(value):
            message = f"is {value!r} with the central values, expected a finite number; check divisions by zero"
            yield Finding(("quantities", name), message)


def _known(draft: Draft) -> tuple[dict[str, str], dict[str, str]]:
    """Names that do not depend on a solution and names that do, each with what it is."""
    fixed = dict.fromkeys((*draft.keys("parameters"), *ranked_names(draft)), "parameter")
    moving = dict(variable_names(draft))
    for name in draft.keys("quantities"):
        used = _names(draft, ("quantities", name))
        behind = [moving[own] for own in used if own in moving]
        if behind:
            choice = any("choice" in kind for kind in behind)
            moving[name] = "quantity that rests on the choice" if choice else "quantity that rests on an unknown"
        else:
            fixed[name] = "quantity"
    return fixed, moving


def _names(draft: Draft, path: Path) -> frozenset[str]:
    """The names in a formula, or none where there is no formula that can be read."""
    try:
        return parse(draft.root.find(path).text).names if draft.sound(path) else frozenset()
    except FormulaError:
        return frozenset()


def _name_findings(draft: Draft) -> Iterator[Finding]:
    """Names of unknowns and of the choice that formulas could not tell from others."""
    owner = dict.fromkeys(FUNCTIONS, "function")
    for section, kind in (("parameters", "parameter"), ("quantities", "quantity")):
        owner |= dict.fromkeys(draft.keys(section), kind)
    owner |= dict.fromkeys(ranked_names(draft), "parameter")
    places: list[tuple[str, Path, bool]] = [(name, ("unknowns", name), True) for name in draft.keys("unknowns")]
    chosen = draft.value("decision", "choose")
    if chosen is not None:
        places.append((str(chosen), ("decision", "choose"), False))
    for name, path, at_key in places:
        if name in owner:
            yield Finding(path, f"{name!r} is already a {owner[name]}; choose another name", at_key=at_key)
        elif keyword.iskeyword(name):
            yield Finding(path, f"{name!r} is a word of Python; choose another name", at_key=at_key)
        owner.setdefault(name, "unknown")


def _count_findings(draft: Draft) -> Iterator[Finding]:
    """As many equations as unknowns, and something to report where there is neither."""
    unknowns, equations = draft.keys("unknowns"), draft.keys("equations")
    broken = ("unknowns",) in draft.broken or ("equations",) in draft.broken
    if len(unknowns) != len(equations) and not broken:
        section = "equations" if "equations" in draft.root.parts else "unknowns"
        told = f"{counted(len(equations), 'equation', 'equations')} for {counted(len(unknowns), 'unknown', 'unknowns')}"
        yield Finding((section,), f"{told}; expected as many as there are unknowns", at_key=True)


def _equation_findings(
    draft: Draft, path: Path, known: Mapping[str, str], refused: Mapping[str, str]
) -> Iterator[Finding]:
    """An equation that is none, or one of whose sides cannot be read."""
    if not draft.sound(path):
        return
    text = draft.root.find(path).text
    sides = _EQUALS.split(text)
    if len(sides) != 2 or "!" in text:
        yield Finding(
            path, f"{text[:60]!r} is no equation; expected two formulas with one '=' between them, as in p = 1 - q"
        )
        return
    for start, side in ((0, sides[0]), (len(sides[0]) + 1, sides[1])):
        yield from _side_findings(path, side, start, known, refused)


def _formula_findings(
    draft: Draft,
    path: Path,
    known: Mapping[str, str],
    refused: Mapping[str, str],
    reader: Callable[[str], Formula] = parse,
) -> Iterator[Finding]:
    """One formula that cannot be read, or that uses a name it cannot use."""
    if draft.sound(path):
        yield from _side_findings(path, draft.root.find(path).text, 0, known, refused, reader)


def _side_findings(
    path: Path,
    text: str,
    start: int,
    known: Mapping[str, str],
    refused: Mapping[str, str],
    reader: Callable[[str], Formula] = parse,
) -> Iterator[Finding]:
    try:
        formula = reader(text)
    except FormulaError as error:
        yield Finding(path, error.message, offset=start + error.column)
        return
    for name, column in formula.columns:
        if name in refused:
            reason = "is worked out before the unknowns and the choice are known; use parameters here"
            if path[0] == "equations":
                reason = "belongs to the decision, which is taken when the equations are solved; leave it out here"
            yield Finding(path, f"{name!r} is a {refused[name]}, but this {reason}", offset=start + column)
        elif name not in known:
            near = did_you_mean(name, known) or "; declare it under parameters, quantities or unknowns"
            yield Finding(path, f"no parameter, quantity or unknown named {name!r}{near}", offset=start + column)


def _decision_findings(draft: Draft, fixed: Mapping[str, str], moving: Mapping[str, str]) -> Iterator[Finding]:
    """A decision of nobody, or one whose formulas cannot be read."""
    player, players = draft.value("decision", "player"), draft.keys("players")
    if player is not None and players and player not in players:
        yield Finding(("decision", "player"), f"no player named {player!r}{offer(str(player), players, 'players')}")
    for end in ("low", "high"):
        yield from _formula_findings(draft, ("decision", end), fixed, moving)
    yield from _formula_findings(draft, ("decision", "maximise"), {**fixed, **moving}, {})


def _claim_findings(draft: Draft, path: Path) -> Iterator[Finding]:
    """A claim that expects a regime that is not there."""
    regimes = (*draft.keys("regimes"), OTHER)
    for place, regime in enumerate(draft.value(*path, "expect", "outcome") or ()):
        if regime not in regimes:
            yield Finding(
                (*path, "expect", "outcome", place),
                f"no regime named {regime!r}{offer(str(regime), regimes, 'regimes')}",
            )


def _unknown(name: str, node: Node) -> Unknown:
    own = node.parts
    opened = "open" in own and bool(own["open"].value)
    return Unknown(name, parse(own["low"].text), parse(own["high"].text), _clean(own["meaning"].text), opened)


def _equation(text: str) -> Equation:
    left, right = _EQUALS.split(text)
    return Equation(parse(left), parse(right))


def _parts(root: Node, name: str) -> list[tuple[str, Node]]:
    return [(str(key), node) for key, node in root.parts[name].parts.items()] if name in root.parts else []


def _clean(text: str) -> str:
    """Free text on one line."""
    return " ".join(text.split())
