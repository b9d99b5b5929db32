"""By which concepts can the games of each form be solved, and what is said where one does not apply?"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from gametheory.errors import InputError, UnknownNameError, did_you_mean
from gametheory.solvers.registry import FINDINGS, SOLVERS

__all__ = ["FORMS", "concepts", "known_concept"]

FORMS: Mapping[str, str] = MappingProxyType(
    {"strategic": "tables of payoffs", "extensive": "game trees", "analytic": "models of equations"}
)
BRANCH = "agent_branch"  # the one answer about trees that is no list of solutions


def concepts(form: str = "strategic") -> Mapping[str, str]:
    """The concepts by which games of a form can be solved, each with what it finds.

    ``form`` is ``strategic`` (a table of payoffs), ``extensive`` (a tree) or ``analytic`` (equations).

    >>> list(concepts("analytic"))
    ['nash']
    >>> "sequential" in concepts("extensive"), "sequential" in concepts()
    (True, False)
    """
    if form not in FORMS:
        expected = f"expected one of {', '.join(FORMS)}{did_you_mean(form, FORMS)}"
        raise UnknownNameError(f"form: no form named {form!r}, {expected}")
    if form == "analytic":
        return MappingProxyType({"nash": "every root of the equations in the brackets, and every best choice"})
    if form == "extensive":
        from gametheory.solvers.trees.concepts import TREE_CONCEPTS

        return MappingProxyType({name: entry.finds for name, entry in TREE_CONCEPTS.items()})
    found: dict[str, str] = {}
    for entry in SOLVERS.values():
        found.setdefault(entry.concept, entry.finds)
    return MappingProxyType(found)


def known_concept(form: str, concept: str) -> None:
    """Raise unless games of a form can be solved by a concept, naming those that apply.

    InputError for a concept of another form and for a finding, UnknownNameError for what is neither.
    """
    known = concepts(form)
    if concept in known:
        return
    applies = f"those that apply to {FORMS[form]}: {', '.join(known)}"
    elsewhere = [FORMS[other] for other in FORMS if other != form and concept in concepts(other)]
    if elsewhere:
        raise InputError(f"concept {concept!r}: for {' and '.join(elsewhere)}; {applies}")
    if concept in (*FINDINGS, BRANCH):
        raise InputError(f"concept {concept!r}: its answer is no list of solutions; {_asked(form, concept)}; {applies}")
    expected = f"expected one of {', '.join(known)}{did_you_mean(concept, tuple(known))}"
    raise UnknownNameError(f"concept: no concept named {concept!r}, {expected}")


def _asked(form: str, concept: str) -> str:
    """How a finding is asked for, or for what it is where the form has none of its name."""
    if form == "extensive" and concept in (BRANCH, "logit_branch"):
        return "in Python gametheory.agent_branch(games)"
    if form == "strategic" and concept in FINDINGS:
        return f"in Python gametheory.finding({concept!r})(games)"
    return f"it is for {FORMS['extensive' if concept == BRANCH else 'strategic']}"
