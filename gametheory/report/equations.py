"""How do the equations of an analytic model stand on the page?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gametheory.figures.words import counted, joined, sentence_case, spaced
from gametheory.report.grids import Table, table
from gametheory.report.phrases import Names
from gametheory.report.section import Section

if TYPE_CHECKING:
    from gametheory.games.analytic import System
    from gametheory.model import Model

__all__ = ["equations_section"]

LEFT_OUT = (
    "What needs a table of payoffs over actions, such as regrets, break-even values, margins and critical risks, is "
    "left out, and so are orders of play: who moves when is written into the equations."
)


def equations_section(model: Model, names: Names) -> Section | None:
    """What is solved for, by which equations or by whose choice, and how solutions are named."""
    system = model.system
    if system is None:
        return None
    parts = (_unknowns(system, names), _equations(model, system, names), _kinds(system, names))
    blocks = [replace(own, literal=True) for own in parts if own is not None]
    said = [f"{_solved_for(system, names)} {LEFT_OUT}"]
    return Section("payoffs", "The equations", said, blocks)


def _solved_for(system: System, names: Names) -> str:
    """What the model is solved for, in a sentence."""
    parts = []
    if system.unknowns:
        unknowns = joined([names.meant(own.name) for own in system.unknowns])
        parts.append(f"{counted(len(system.equations), 'equation')} determine{'s' * (len(system.equations) == 1)} "
                     f"{unknowns}")  # fmt: skip
    if system.decision is not None:
        who = names.say(system.decision.player)
        choice = f"the number \u201c{names.say(system.decision.choose)}\u201d"
        parts.append(f"{who} chooses {choice} so that the formula which the table below gives is as large as possible")
    return (
        f"{sentence_case(joined(parts))}." if parts else "Every number follows in closed form; nothing is searched for."
    )


def _unknowns(system: System, names: Names) -> Table | None:
    """The numbers that are solved for, with the brackets in which they are looked for."""
    rows = [[sentence_case(names.say(own.name)), own.low.text, own.high.text, own.meaning] for own in system.unknowns]
    if system.decision is not None:
        own = system.decision
        rows.append([sentence_case(names.say(own.choose)), own.low.text, own.high.text,
                     f"chosen by {names.say(own.player)}"])  # fmt: skip
    heads = ["Number", "From", "To", "Meaning"]
    return table("What is solved for", heads, rows, longest=len(rows)) if rows else None


def _equations(model: Model, system: System, names: Names) -> Table | None:
    """The equations, the formula that is maximised, and the formulas that they are written in."""
    rows = [[sentence_case(spaced(name)), f"{own.left.text.strip()} = {own.right.text.strip()}"]
            for name, own in system.equations.items()]  # fmt: skip
    if system.decision is not None:
        rows.append([f"{sentence_case(names.say(system.decision.player))} maximises", system.decision.maximise.text])
    rows += [[name, formula.text] for name, formula in model.quantities.items()]
    note = "Formulas are written as in the model file; the table of parameters gives its names in brackets."
    heads = ["What", "Formula"]
    return table("The equations and the formulas in them", heads, rows, "tt", note, longest=len(rows)) if rows else None


def _kinds(system: System, names: Names) -> Table | None:
    """Which name a solution has: that of the first condition that holds."""
    rows = [[sentence_case(names.say(name)), condition.text] for name, condition in system.regimes.items()]
    note = "A solution has the name of the first condition that it meets, and is called other where it meets none."
    heads = ["Outcome", "Where"]
    return table("How solutions are named", heads, rows, "tt", note, longest=len(rows)) if rows else None
