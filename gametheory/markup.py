"""How does a noun look in a notebook: a table with a caption, headings that a screen reader follows, texts escaped?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

__all__ = ["MOST_ROWS", "cell", "described", "mixture", "tabulated"]

MOST_ROWS = 50  # of a table on a page; what is left out is counted below it
LEFT = ' style="text-align:left"'  # Jupyter sets cells flush right, in which sentences are hard to read


def tabulated(caption: str, heads: Sequence[str], rows: Iterable[Sequence[object]], *, more: int = 0) -> str:
    """Rows under headings, as HTML; the first cell of a row is its heading, ``more`` the rows that are left out.

    >>> html = tabulated("Laws", ["name", "law"], [("<risk>", "uniform on [0, 1]")], more=2)
    >>> "<caption" in html, "&lt;risk&gt;" in html, html.endswith("<p>2 more rows not shown</p>")
    (True, True, True)
    """
    head = "".join(f'<th scope="col"{LEFT}>{escape(text)}</th>' for text in heads)
    body = "".join(_row(row) for row in rows)
    whole = f"<table>{_caption(caption)}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return whole + _left_out(more)


def described(caption: str, facts: Iterable[tuple[str, object]]) -> str:
    """What is known of one thing, a row a fact; facts without a value are left out.

    >>> described("stake", [("value", 0.5), ("source", "")]).count("<tr>")
    1
    """
    body = "".join(_row(fact) for fact in facts if fact[1] is not None and cell(fact[1]))
    return f"<table>{_caption(caption)}<tbody>{body}</tbody></table>"


def cell(value: object) -> str:
    """A value as a table shows it: six digits of a number, nothing where there is none.

    >>> cell(1 / 3), cell(float("nan")), cell(2_000), cell(True), cell(None)
    ('0.333333', '', '2,000', 'yes', '')
    """
    if value is None or str(value) in ("nan", "<NA>"):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def mixture(names: Sequence[str], shares: Iterable[float]) -> str:
    """What is mixed with which shares, those of nothing left out.

    >>> mixture(["hold", "fold", "wait"], [0.25, 0.75, 0.0]), mixture(["hold", "fold"], [1.0, 0.0])
    ('0.25 hold + 0.75 fold', 'hold')
    """
    used = [(name, share) for name, share in zip(names, shares, strict=True) if share > 0.0]
    return used[0][0] if len(used) == 1 else " + ".join(f"{share:.4g} {name}" for name, share in used)


def _caption(text: str) -> str:
    return f'<caption style="text-align:left;font-weight:bold">{escape(text)}</caption>'


def _row(row: Sequence[object]) -> str:
    first, *others = (escape(cell(value)) for value in row)
    return f'<tr><th scope="row"{LEFT}>{first}</th>{"".join(f"<td{LEFT}>{text}</td>" for text in others)}</tr>'


def _left_out(more: int) -> str:
    return f"<p>{more:,} more {'row' if more == 1 else 'rows'} not shown</p>" if more > 0 else ""
