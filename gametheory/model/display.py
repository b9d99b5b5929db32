"""How does a model look in a notebook?"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from gametheory.model.nouns import Written

__all__ = ["model_html"]


def model_html(model: Written) -> str:
    """Title, question, players, parameters and what ties these together, as HTML; every text is escaped."""
    players = _table("Players", ("player", "label", "actions"), _player_rows(model))
    heads = ("parameter", "value", "unit", "law", "mark", "meaning", "source")
    parameters = _table("Parameters and where they come from", heads, _parameter_rows(model))
    ties = _ties(model)
    heading = f"<h3>{escape(model.title)}</h3>"
    question = f"<p>{escape(model.question)}</p>" if model.question else ""
    digest = f"<p><small>model digest {escape(model.digest[:16])}</small></p>"
    return f"<div>{heading}{question}{players}{parameters}{ties}{digest}</div>"


def _player_rows(model: Written) -> Iterable[tuple[str, ...]]:
    for player in model.players:
        yield player.name, player.label, ", ".join(player.actions)


def _parameter_rows(model: Written) -> Iterable[tuple[str, ...]]:
    for parameter in model.parameters.values():
        origin = " ".join(filter(None, (parameter.source, parameter.date)))
        law = parameter.law.describe()
        yield parameter.name, parameter.text, parameter.unit, law, parameter.mark, parameter.meaning, origin


def _ties(model: Written) -> str:
    """Rankings, correlations and constraints, where there are any."""
    tables = ""
    if model.rankings:
        caption = "Rankings: only the order is known"
        told = [(r.name, r.describe(), r.mark, r.source) for r in model.rankings.values()]
        tables += _table(caption, ("ranking", "order, best first", "mark", "source"), told)
    if model.correlations:
        caption = "Rank correlations"
        if model.joint.repaired > 0.0:
            caption += f" (no draws have all of them; the nearest possible differ by up to {model.joint.repaired:.2g})"
        pairs = [(" and ".join(c.between), f"{c.rank:g}", c.mark, c.source) for c in model.correlations]
        tables += _table(caption, ("between", "rank correlation", "mark", "source"), pairs)
    if model.constraints:
        caption = "Constraints that every point keeps"
        rows = [(c.name, c.holds.text, c.mark, c.source) for c in model.constraints.values()]
        tables += _table(caption, ("constraint", "holds", "mark", "source"), rows)
    return tables


def _table(caption: str, heads: Iterable[str], rows: Iterable[tuple[str, ...]]) -> str:
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    body = "".join(_row(row) for row in rows)
    return f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _row(row: tuple[str, ...]) -> str:
    first, *others = (escape(text) for text in row)
    return f'<tr><th scope="row">{first}</th>{"".join(f"<td>{text}</td>" for text in others)}</tr>'
