"""How does a noun look in a notebook: a table with a caption, headings that a screen reader follows, texts escaped?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

__all__ = ["MOST_ROWS", "cell", "described", "mixture", "scrolled", "tabulated"]

MOST_ROWS = 50  # of a table on a page; what is left out is counted below it
NEARLY_NOTHING = 1e-9  # of a smaller number, as errors of rounding are, two digits say enough
# Jupyter sets cells flush right, in which sentences are hard to read; a text of several lines keeps them.
LEFT = ' style="text-align:left;white-space:pre-line"'
LONG, WIDE = 40, "min-width:14em"  # letters of a text that is not to be squeezed into a word a line
RIGHT = ' style="text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums"'


def tabulated(caption: str, heads: Sequence[str], rows: Iterable[Sequence[object]], *, more: int = 0) -> str:
    """Rows under headings, as HTML; the first cell of a row is its heading, ``more`` the rows that are left out.

    Columns of numbers stand flush right. A table wider than the page can be moved within its own frame.

    >>> html = tabulated("Laws", ["name", "law"], [("<risk>", "uniform on [0, 1]")], more=2)
    >>> "<caption" in html, "&lt;risk&gt;" in html, html.endswith("<p>\u2026 2 more rows not shown</p>")
    (True, True, True)
    """
    rows = [tuple(row) for row in rows]
    sides = [RIGHT if rows and all(_is_number(row[place]) for row in rows) else LEFT for place in range(len(heads))]
    head = "".join(f'<th scope="col"{side}>{escape(text)}</th>' for text, side in zip(heads, sides, strict=True))
    body = "".join(_row(row, sides) for row in rows)
    whole = f"<table>{_caption(caption)}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return scrolled(caption, whole) + _left_out(more)


def described(caption: str, facts: Iterable[tuple[str, object]]) -> str:
    """What is known of one thing, a row a fact; facts without a value are left out.

    >>> described("stake", [("value", 0.5), ("source", "")]).count("<tr>")
    1
    """
    body = "".join(_row(fact, (LEFT, LEFT)) for fact in facts if fact[1] is not None and cell(fact[1]))
    return f"<table>{_caption(caption)}<tbody>{body}</tbody></table>"


def scrolled(name: str, html: str) -> str:
    """A frame in which what is wider than the page can be moved, by keyboard too; a screen reader hears its name.

    >>> scrolled("<Laws>", "<table></table>").partition(" style")[0]
    '<div role="region" aria-label="&lt;Laws&gt;" tabindex="0"'
    """
    return f'<div role="region" aria-label="{escape(name)}" tabindex="0" style="overflow-x:auto">{html}</div>'


def cell(value: object) -> str:
    """A value as a table shows it: six digits of a number, nothing where there is none.

    >>> cell(1 / 3), cell(float("nan")), cell(2_000), cell(True), cell(None), cell(5.55112e-17)
    ('0.333333', '', '2,000', 'yes', '', '5.6e-17')
    """
    if value is None or str(value) in ("nan", "<NA>"):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:.2g}" if abs(value) < NEARLY_NOTHING else f"{value:.6g}"
    return str(value)


def mixture(names: Sequence[str], shares: Iterable[float]) -> str:
    """What is mixed with which shares, those of nothing left out.

    >>> mixture(["hold", "fold", "wait"], [0.25, 0.75, 0.0]), mixture(["hold", "fold"], [1.0, 0.0])
    ('0.25 hold + 0.75 fold', 'hold')
    """
    used = [(name, share) for name, share in zip(names, shares, strict=True) if share > 0.0]
    return used[0][0] if len(used) == 1 else " + ".join(f"{share:.4g} {name}" for name, share in used)


def _caption(text: str) -> str:
    return f'<caption style="text-align:left;font-weight:bold">{escape(text)}</caption>'


def _is_number(value: object) -> bool:
    """Whether a cell holds a number, or nothing where others hold one."""
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _row(row: Sequence[object], sides: Sequence[str]) -> str:
    first, *others = (_placed(cell(value), side) for value, side in zip(row, sides, strict=True))
    return f'<tr><th scope="row"{first}</th>{"".join(f"<td{text}</td>" for text in others)}</tr>'


def _placed(text: str, side: str) -> str:
    """The rest of a cell's tag, and its text."""
    wide = f'{side[:-1]};{WIDE}"' if len(text) > LONG else side
    return f"{wide}>{escape(text)}"


def _left_out(more: int) -> str:
    return f"<p>\u2026 {more:,} more {'row' if more == 1 else 'rows'} not shown</p>" if more > 0 else ""
