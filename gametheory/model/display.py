"""How does a model look in a notebook?"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from gametheory.model.nouns import Written

__all__ = ["model_html"]


def model_html(model: Written) -> str:
    """Title, question, players and parameters of a model as HTML; every text is escaped."""
    players = _table("Players", ("player", "label", "actions"), _player_rows(model))
    heads = ("parameter", "value", "unit", "law", "mark", "meaning", "source")
    parameters = _table("Parameters and where they come from", heads, _parameter_rows(model))
    heading = f"<h3>{escape(model.title)}</h3>"
    question = f"<p>{escape(model.question)}</p>" if model.question else ""
    digest = f"<p><small>model digest {escape(model.digest[:16])}</small></p>"
    return f"<div>{heading}{question}{players}{parameters}{digest}</div>"


def _player_rows(model: Written) -> Iterable[tuple[str, ...]]:
    for player in model.players:
        yield player.name, player.label, ", ".join(player.actions)


def _parameter_rows(model: Written) -> Iterable[tuple[str, ...]]:
    for parameter in model.parameters.values():
        origin = " ".join(filter(None, (parameter.source, parameter.date)))
        law = parameter.law.describe()
        yield parameter.name, parameter.text, parameter.unit, law, parameter.mark, parameter.meaning, origin


def _table(caption: str, heads: Iterable[str], rows: Iterable[tuple[str, ...]]) -> str:
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    body = "".join(_row(row) for row in rows)
    return f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _row(row: tuple[str, ...]) -> str:
    first, *others = (escape(text) for text in row)
    return f'<tr><th scope="row">{first}</th>{"".join(f"<td>{text}</td>" for text in others)}</tr>'
