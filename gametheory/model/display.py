"""How does a model look in a notebook?"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from gametheory.markup import MOST_ROWS, tabulated
from gametheory.model.nouns import Written
from gametheory.parameters import MARKS

__all__ = ["model_html"]

CLAIMED = ("claim", "text", "order of play", "items", "contested")


def model_html(model: Written) -> str:
    """Title, question, players, parameters, what ties these together, and claims, as HTML; every text is escaped."""
    heading = f"<h3>{escape(model.title)}</h3>"
    question = f"<p>{escape(model.question)}</p>" if model.question else ""
    heads = ("parameter", "value", "unit", "law", "mark", "meaning", "source")
    rows = list(_parameter_rows(model))
    more = len(rows) - MOST_ROWS
    parameters = tabulated("Parameters and where they come from", heads, rows[:MOST_ROWS], more=more)
    marks = f"<p>Marks: {escape('; '.join(f'{mark} {MARKS[mark]}' for mark in _marks(model)))}.</p>"
    digest = f"<p><small>model digest {escape(model.digest[:16])}</small></p>"
    return f"<div>{heading}{question}{_players(model)}{parameters}{marks}{_ties(model)}{_claims(model)}{digest}</div>"


def _players(model: Written) -> str:
    """The players; where a tree or equations say what they can do, without a column for actions."""
    if any(player.actions for player in model.players):
        rows = [(player.name, player.label, ", ".join(player.actions)) for player in model.players]
        return tabulated("Players", ("player", "label", "actions"), rows)
    return tabulated("Players", ("player", "label"), [(player.name, player.label) for player in model.players])


def _parameter_rows(model: Written) -> Iterable[tuple[str, ...]]:
    for parameter in model.parameters.values():
        origin = " ".join(filter(None, (parameter.source, parameter.date)))
        law = parameter.law.describe()
        yield parameter.name, parameter.text, parameter.unit, law, parameter.mark, parameter.meaning, origin


def _marks(model: Written) -> list[str]:
    """The marks in use, in the order in which they are explained."""
    used = {parameter.mark for parameter in model.parameters.values()}
    return [mark for mark in MARKS if mark in used]


def _claims(model: Written) -> str:
    """The propositions to be tested, and which of them are disputed."""
    if not model.claims:
        return ""
    listed = model.claims.values()
    rows = [(own.name, own.text, own.order, ", ".join(own.essay), own.contested or None) for own in listed]
    return tabulated(
        "Claims to be tested, none of them taken as true", CLAIMED, rows[:MOST_ROWS], more=len(rows) - MOST_ROWS
    )


def _ties(model: Written) -> str:
    """Rankings, correlations and constraints, where there are any."""
    tables = ""
    if model.rankings:
        caption = "Rankings: only the order is known"
        told = [(r.name, r.describe(), r.mark, r.source) for r in model.rankings.values()]
        tables += tabulated(caption, ("ranking", "order, best first", "mark", "source"), told)
    if model.correlations:
        caption = "Rank correlations"
        if model.joint.repaired > 0.0:
            caption += f" (no draws have all of them; the nearest possible differ by up to {model.joint.repaired:.2g})"
        pairs = [(" and ".join(c.between), f"{c.rank:g}", c.mark, c.source) for c in model.correlations]
        tables += tabulated(caption, ("between", "rank correlation", "mark", "source"), pairs)
    if model.constraints:
        caption = "Constraints that every point keeps"
        rows = [(c.name, c.holds.text, c.mark, c.source) for c in model.constraints.values()]
        tables += tabulated(caption, ("constraint", "holds", "mark", "source"), rows)
    return tables
