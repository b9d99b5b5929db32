"""How does each piece of the explorer read as HTML? Every text of a model is escaped here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from gametheory.explorer.answers import Answer
from gametheory.explorer.drawing import SHOWN, map_svg, point_svg, swatch_svg
from gametheory.explorer.pictures import said_set, system_html, tree_html
from gametheory.explorer.scans import Change, Map
from gametheory.figures.orders import outcome
from gametheory.figures.words import counted, number, order_phrase, sentence_case
from gametheory.games.display import payoff_table_html
from gametheory.report.phrases import Names
from gametheory.report.tables import TAGS
from gametheory.report.texts import VERDICTS

if TYPE_CHECKING:
    from gametheory.model import Model

__all__ = ["answer_html", "change_texts", "game_html", "map_html", "point", "still_html"]

LISTED = 3  # solutions of one answer that a legend or a mark writes out
SHORT = 30  # letters: the longest name of a solution that stands beside its numbers and not above them
ROUNDING = 1e-12  # a regret below is what sums of numbers in double precision leave


def answer_html(model: Model, names: Names, found: Answer) -> str:
    """The solutions, the certificate and the measures of one answer."""
    notes = "".join(f'<p class="gt-warning">{escape(note)}.</p>' for note in found.notes)
    several = len(found.rows) > 1
    rows = [(f"{k}. {row[0]}" if several else row[0], *row[1:]) for k, row in enumerate(found.rows, 1)]
    pieces = (_solutions(found, rows), _certificate(found), _measures(model, names, found), _threats(found))
    return f"{notes}{''.join(pieces)}"


def game_html(names: Names, found: Answer, drawn: int = 0) -> str:
    """The game: a payoff table with best responses and equilibria in actions, a tree, or curves.

    Of a tree ``drawn`` is the solution whose path of play is shown, counted from 0.
    """
    solutions: Any = found.solutions
    if names.form == "extensive":
        return tree_html(names, solutions, drawn)
    if names.form == "analytic":
        return system_html(names, solutions)
    games = solutions.games
    players = [sentence_case(names.say(player)) for player in games.players]
    actions = [[names.say(action) for action in own] for own in games.actions]
    return payoff_table_html(players, actions, games.payoffs, "Payoffs at these values")


def map_html(names: Names, found: Map | None, order: str, now: Mapping[str, float]) -> str:
    """The map with its legend; empty where there is none."""
    if found is None:
        return ""
    outcomes = [outcome(name, names.labels) for name in found.names]
    several = counted(len(outcomes), "different answer") if len(outcomes) > 1 else "one answer everywhere"
    said = (
        f"{several} over {names.say(found.x.name)} and {names.say(found.y.name)} "
        f"{order_phrase(order, names.labels)}, the other parameters as they stand"
    )
    alternative = f"Map. {said}. The largest region first: {'. '.join(outcomes[:SHOWN])}."
    legend = "".join(
        f"<li>{swatch_svg(k)} <span>{escape(shortened(text))}</span></li>" for k, text in enumerate(outcomes[:SHOWN])
    )
    rest = len(outcomes) - SHOWN
    more = f"<li>white: {counted(rest, 'smaller region')}</li>" if rest > 0 else ""
    cells = len(found.xs)
    how = found.said or (
        f"Numerical: each of {cells} by {cells} cells shows the game in its middle, and what is smaller than a cell is "
        "missed"
    )
    return (
        f'<figure class="gt-map"><figcaption>{escape(sentence_case(said))}.</figcaption>'
        f"{map_svg(found, point(found, now), alternative)}"
        f'<p class="gt-note">Black: where the controls stand; hollow: the central values. Nash equilibria'
        f'{escape(_read(names, outcomes))}.</p><ul class="gt-legend">{legend}{more}</ul>'
        f'<p class="gt-note">{escape(how)}. An area is not a probability.</p></figure>'
    )


def _read(names: Names, outcomes: Sequence[str]) -> str:
    """How the answers of a legend are read: whose choices stand between the strokes, and what the signs mean.

    >>> names = Names(("nato", "russia"), {"nato": "NATO", "russia": "Russia"})
    >>> _read(names, ["surge / carry on", "concede + surge / carry on"])
    ': the choices of NATO / Russia; a plus sign joins what a mixture uses'
    """
    text = "; ".join(outcomes)
    mixed = "; a plus sign joins what a mixture uses" * (" + " in text)
    if names.form == "analytic" or " / " not in text:
        return mixed
    if names.form == "extensive":
        sets = " / ".join(said_set(name, names) for name in names.axes)
        anything = "; any: whatever is chosen there, it is the same answer" * (" any " in f" {text} ")
        return f": the choices at {sets}{anything}{mixed}"
    return f": the choices of {' / '.join(names.say(player) for player in names.players)}{mixed}"


def point(found: Map, now: Mapping[str, float]) -> str:
    """The point of the controls on a map, as SVG."""
    central = found.x.central, found.y.central
    return point_svg(found.x, found.y, (now[found.x.name], now[found.y.name]), central)


def shortened(text: str) -> str:
    """An answer of many solutions by the first of them.

    >>> shortened("; or ".join("abcdef"))
    'a; or b; or c; and 3 more'
    """
    parts = text.split("; or ")
    return text if len(parts) <= LISTED + 1 else f"{'; or '.join(parts[:LISTED])}; and {len(parts) - LISTED} more"


def change_texts(names: Names, found: Mapping[str, Sequence[Change]], points: int) -> dict[str, dict[str, object]]:
    """What stands at the track of each slider: a sentence, and the place and the words of each mark. Plain text."""
    texts: dict[str, dict[str, object]] = {}
    for name, listed in found.items():
        marks = [
            {
                "share": round(one.share, 5),
                "text": f"{number(one.value)}: from {shortened(outcome(one.before, names.labels))} "
                f"to {shortened(outcome(one.after, names.labels))}",
            }
            for one in listed
        ]
        values = ", ".join(number(one.value) for one in listed)
        said = f"The answer changes at {values}" if listed else "No change found"
        texts[name] = {"sentence": said, "marks": marks, "compared": f"{points} values were compared"}
    return texts


def still_html(
    title: str, sentence: str, pieces: Sequence[str], drawn: str, tips: Sequence[tuple[str, str]], note: str = ""
) -> str:
    """All pieces below each other, without controls; ``tips`` pair the words for a parameter with its sentence.

    ``pieces`` and the map ``drawn`` are HTML, everything else is plain text.
    """
    listed = "".join(f"<li>{escape(name)}: {escape(text)}.</li>" for name, text in tips)
    return (
        f"<div><h3>{escape(title)}</h3><p><strong>{escape(sentence)}.</strong></p>{''.join(pieces)}"
        f"<div style='max-width:34rem'>{drawn}</div>{f'<ul>{listed}</ul>' * bool(listed)}"
        f"{f'<p>{escape(note)}</p>' * bool(note)}</div>"
    )


def _solutions(found: Answer, rows: Sequence[Sequence[str]]) -> str:
    """The table of solutions; a solution with a long name has a line of its own above its numbers."""
    if not rows:
        return ""
    caption = "Every solution that was found; none is selected"
    used = {tag for row in rows for tag in row[-1].split(", ") if tag in TAGS}
    meant = "; ".join(f"{tag}: {text}" for tag, text in TAGS.items() if tag in used)
    note = f'<p class="gt-note">{escape(sentence_case(meant))}.</p>' if meant else ""
    numeric = found.heads[1:-1]
    heads, rows = (
        (found.heads, rows) if any(row[-1] for row in rows) else (found.heads[:-1], [row[:-1] for row in rows])
    )
    if len(heads) == 1 or max(len(row[0]) for row in rows) <= SHORT:
        return _table(caption, heads, rows, numeric) + note
    styles = [' class="gt-number"' if head in numeric else "" for head in heads[1:]]
    head = "".join(f'<th scope="col"{style}>{escape(text)}</th>' for text, style in zip(heads[1:], styles, strict=True))
    body = "".join(
        f'<tbody><tr><th scope="rowgroup" colspan="{len(styles)}" style="text-align:left">'
        f"<span>{escape(row[0])}</span></th></tr>"
        "<tr>"
        + "".join(f"<td{style}>{escape(text)}</td>" for text, style in zip(row[1:], styles, strict=True))
        + "</tr></tbody>"
        for row in rows
    )
    return _scrolled(caption, f"<thead><tr>{head}</tr></thead>{body}", "gt-solutions") + note


def _certificate(found: Answer) -> str:
    """How far the answer is proved."""
    parts = [f"<strong>{escape(sentence_case(found.verdict))}</strong>: {escape(VERDICTS[found.verdict])}."]
    if found.reason:
        parts.append(f"{escape(sentence_case(found.reason))}.")
    if found.regret is not None:
        small = 0.0 < found.regret < ROUNDING
        parts.append(f"Largest regret {'0, up to rounding' if small else number(found.regret)}.")
    if found.index_sum is not None:
        parts.append(f"Sum of the indices {found.index_sum} (1 where none is missing).")
    return f'<p class="gt-certificate"><span class="gt-name">Certificate.</span> {" ".join(parts)}</p>'


def _threats(found: Answer) -> str:
    """What the solutions of a tree rest on that nobody would carry out, folded away."""
    listed = "".join(f"<li>Solution {place}: {escape(text)}.</li>" for place, text in found.threats)
    few = counted(len(found.threats), "solution")
    said = f"{sentence_case(few)} of {len(found.rows)} with threats or promises that nobody would carry out"
    return f"<details><summary>{said}</summary><ul>{listed}</ul></details>" if listed else ""


def _measures(model: Model, names: Names, found: Answer) -> str:
    """The lower and the upper value of each measure."""
    if not model.measures:
        return ""
    rows = [
        (sentence_case(names.say(name)), *(map(number, found.measures[name]) if name in found.measures else ("", "")))
        for name in model.measures
    ]
    return _table("Measures, if one of these solutions holds", ("measure", "lower", "upper"), rows, ("lower", "upper"))


def _table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[str]) -> str:
    """A table that a screen reader can follow and that scrolls by itself where it is too wide."""
    styles = [' class="gt-number"' if head in numeric else "" for head in heads]
    head = "".join(f'<th scope="col"{style}>{escape(text)}</th>' for text, style in zip(heads, styles, strict=True))
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td{style}>{escape(text)}</td>" for text, style in zip(row[1:], styles[1:], strict=True))
        + "</tr>"
        for row in rows
    )
    return _scrolled(caption, f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>")


def _scrolled(caption: str, inner: str, kind: str = "") -> str:
    """A table in a box of its own, below its caption, which does not scroll away."""
    told, own = escape(caption), f' class="{kind}"' if kind else ""
    return (
        f'<p class="gt-caption" aria-hidden="true"><strong>{told}</strong></p>'
        f'<div class="gt-scroll" role="region" tabindex="0" aria-label="{told}">'
        f'<table{own} aria-label="{told}">{inner}</table></div>'
    )
