"""At which draws does something happen: a profile is a solution, a claim holds, a measure passes a threshold?

An `Event` happens in all solutions of a game or in some, which is said each time; where the list of solutions lacks
what would settle it, the draw is undecided, and belongs to neither side.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.asked import without_law
from gametheory.analyses.provenance import attributes, orders_of
from gametheory.designs import scheme
from gametheory.errors import InputError, UnknownNameError, did_you_mean
from gametheory.study import ALL, FAILED, NONE, Answered, Profile, answered, is_pure, profile_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from gametheory.model import Model

__all__ = [
    "Event",
    "answers_of",
    "asked_events",
    "draws_used",
    "event",
    "event_attributes",
    "events",
    "moving",
    "needed_orders",
    "profiles_found",
]

ANY = "*"  # in the name of a profile: it does not matter what is chosen there

WHENS = {"some": "at least one solution", "all": "every solution"}
BASES = ("A", "B")  # the rows of a pick-freeze design that are draws of the joint law
THRESHOLD = re.compile(r"(?P<name>.+?)\s*(?P<side>>=|<=)\s*(?P<value>\S+)")

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Event:
    """What is asked, under which order of play, its end of a sentence, and at which draws it happens and is decided."""

    name: str
    order: str
    when: str
    words: str
    happens: BoolArray
    decided: BoolArray


def event(answers: Answered, of: str, *, order: str = "simultaneous", when: str = "some") -> Event:
    """The event that ``of`` names, in ``some`` or in ``all`` solutions, over the intervals as well.

    ``of`` is ``claim NAME`` (its own order of play holds), ``measure NAME >= NUMBER`` or ``<=``, or the actions in use
    of a profile, joined by commas, as in the frame of `outcomes`; in all solutions a profile is the only one. Raises
    UnknownNameError for a name that the model does not have, and InputError for what cannot be read.
    """
    if when not in WHENS:
        raise InputError(f"when: {when!r}, expected one of {', '.join(WHENS)}")
    kind, _, rest = of.strip().partition(" ")
    if kind == "claim":
        return _claim(answers, rest.strip(), when)
    if order not in answers.classes:
        raise InputError(f"order: {order!r} was not answered here; expected one of {', '.join(answers.classes)}")
    if kind == "measure":
        return _measure(answers, rest.strip(), order, when)
    return _profile(answers, rest.strip() if kind == "profile" else of.strip(), order, when)


def asked_events(answers: Answered, of: str, orders: Sequence[str], when: str) -> list[Event]:
    """The event that ``of`` names under each order of play; a claim only once, under its own."""
    if of.startswith("claim "):
        return [event(answers, of, when=when)]
    return [event(answers, of, order=order, when=when) for order in orders]


def needed_orders(model: Model, of: str | None, order: str) -> tuple[str, ...]:
    """The orders of play that a question needs answers under; a claim brings its own."""
    return () if of is not None and of.startswith("claim ") else orders_of(model, order)


def events(answers: Answered, order: str, when: str) -> Iterator[Event]:
    """Every profile of actions that was found under an order of play, and every claim that is made of it."""
    actions = [labels for _, labels in answers.model.axes]
    for profile in filter(is_pure, profiles_found(answers, order)):
        yield event(answers, profile_name(profile, actions), order=order, when=when)
    for name, claim in answers.model.claims.items():
        if claim.order == order:
            yield event(answers, f"claim {name}", when=when)


def profiles_found(answers: Answered, order: str) -> list[Profile]:
    """Every profile that is a solution somewhere, sorted."""
    return sorted({profile for entry in answers.classes[order][1] for profile in entry.profiles})


def answers_of(model: Model, answers: Answered | None, orders: Sequence[str], samples: int, seed: int) -> Answered:
    """The answers that were given, or those of new independent draws; raises InputError where they do not fit."""
    if answers is None:
        return answered(model, scheme("random", model, samples, seed), orders)
    if answers.model.digest != model.digest:
        raise InputError(f"answers: of model {answers.model.title!r}, expected those of {model.title!r}, same digest")
    if missing := [order for order in orders if order not in answers.classes]:
        raise InputError(f"answers: without order {missing[0]!r}; they have {', '.join(answers.classes)}")
    return answers


def draws_used(answers: Answered) -> BoolArray:
    """Which rows are draws of the joint law: of a pick-freeze design those with nothing exchanged."""
    if not answers.roles:
        return np.ones(answers.rows, dtype=np.bool_)
    drawn = np.isin(np.array(answers.roles), BASES)
    return np.asarray(drawn[np.arange(answers.rows) % len(answers.roles)], dtype=np.bool_)


def moving(answers: Answered) -> tuple[tuple[str, ...], FloatArray]:
    """The parameters that differ between draws, and their values ``float64[row, parameter]``; raises without any."""
    names = tuple(name for name, column in answers.points.items() if np.ptp(column) > 0.0)
    if not names:
        raise without_law(answers.model, "what tells draws apart")
    return names, np.stack([answers.points[name] for name in names], axis=1)


def event_attributes(answers: Answered, notes: Sequence[str], seed: int, **more: Any) -> dict[str, Any]:
    """Attributes of a frame about events in draws."""
    said = list(notes)
    if answers.model.correlations or answers.model.constraints:
        said.append("parameters are tied: one may go with the answer because another, tied to it, decides it")
    if len(answers.cover) > 1:
        names = ", ".join(answers.cover[0])
        said.append(f"each draw is repeated at {len(answers.cover)} points of the intervals of {names}, which are none "
                    "of the parameters here: some means at some point, all means at all of them")  # fmt: skip
    laws = {name: parameter.law.describe() for name, parameter in answers.model.parameters.items()}
    verdicts = {order: dict(counts) for order, counts in answers.verdicts.items()}
    samples = int(np.count_nonzero(draws_used(answers)))
    more = {"samples": samples, "seed": seed, "laws": laws, "verdicts": verdicts, **more}
    return attributes(answers.model, said, **more)


def _claim(answers: Answered, name: str, when: str) -> Event:
    """A claim, by how often it holds."""
    claims = answers.model.claims
    if name not in claims:
        raise UnknownNameError(
            f"no claim named {name!r}; expected one of {', '.join(claims) or 'none'}{did_you_mean(name, claims)}"
        )
    codes = answers.claims[name]
    happens = codes == ALL if when == "all" else (codes != NONE) & (codes != FAILED)
    words = f"the claim {claims[name].text!r} holds in {WHENS[when]}"
    return Event(f"claim {name}", claims[name].order, when, words, happens, codes != FAILED)


def _measure(answers: Answered, asked: str, order: str, when: str) -> Event:
    """A measure at or beyond a threshold."""
    found, known = THRESHOLD.fullmatch(asked), answers.measures[order]
    if not found:
        raise InputError(f"of: 'measure {asked}', expected 'measure NAME >= NUMBER' or 'measure NAME <= NUMBER'")
    name, side, text = found["name"], found["side"], found["value"]
    if name not in known:
        raise UnknownNameError(
            f"no measure named {name!r}; expected one of {', '.join(known) or 'none'}{did_you_mean(name, known)}"
        )
    try:
        threshold = float(text)
    except ValueError as error:
        raise InputError(f"of: threshold {text!r} of measure {name!r}, expected a number") from error
    values, solved = known[name]
    upper = (side == ">=") == (when == "some")  # which bound settles it
    bound = values[:, int(upper)]
    happens = solved & ((bound >= threshold) if side == ">=" else (bound <= threshold))
    words = f"the measure {name} is {'at least' if side == '>=' else 'at most'} {threshold:g} in {WHENS[when]}"
    return Event(f"measure {name} {side} {threshold:g}", order, when, words, happens, solved)


def _profile(answers: Answered, asked: str, order: str, when: str) -> Event:
    """A profile as one of the solutions, or as the only one."""
    actions = [labels for _, labels in answers.model.axes]
    profile = _read(asked, actions, answers)
    numbers, table = answers.classes[order]
    if when == "some":
        yes = np.array([profile in entry.profiles for entry in table])
        no = np.array([entry.status == "solved" and profile not in entry.profiles for entry in table])
        happens, never = yes[numbers].any(axis=1), no[numbers].all(axis=1)
    else:
        yes = np.array([entry.status == "solved" and entry.profiles == (profile,) for entry in table])
        no = np.array([entry.profiles != (profile,) if entry.status == "solved"
                       else any(other != profile for other in entry.profiles) for entry in table])  # fmt: skip
        happens, never = yes[numbers].all(axis=1), no[numbers].any(axis=1)
    name = profile_name(profile, actions)
    words = f"{name!r} is {'a solution' if when == 'some' else 'the only solution'}"
    settled = np.asarray(happens | never, dtype=np.bool_)
    return Event(name, order, when, words, np.asarray(happens, dtype=np.bool_), settled)


def _read(asked: str, actions: Sequence[Sequence[str]], answers: Answered) -> Profile:
    """The profile that a text such as ``surge, carry_on+strike`` names."""
    parts = [[action.strip() for action in part.split("+") if action.strip() != ANY] for part in asked.split(",")]
    what = "players" if answers.model.form == "strategic" else "information sets"
    if len(parts) != len(actions):
        raise InputError(
            f"of: {asked!r}, expected 'claim NAME', 'measure NAME >= NUMBER' or the actions of "
            f"{len(actions)} {what} joined by commas, such as {', '.join(own[0] for own in actions)!r}"
        )
    for (name, own), part in zip(answers.model.axes, parts, strict=True):
        for action in part:
            if action not in own:
                known = f"expected one of {', '.join(own)}{did_you_mean(action, own)}"
                raise UnknownNameError(f"no action {action!r} of {name}; {known}")
    return tuple(tuple(sorted(list(own).index(action) for action in part))
                 for part, own in zip(parts, actions, strict=True))  # fmt: skip
