"""How does a tree look in a notebook?"""

from __future__ import annotations

from html import escape

from gametheory.games.tree_layout import SIZE, Box, Drawing, Edge, Play, Say, layout
from gametheory.games.trees import FloatArray, Tree
from gametheory.markup import scrolled

__all__ = ["tree_in_frame", "tree_svg"]

PIXELS = 96.0  # in an inch
READABLE = 0.8  # of its own size; on a phone a tree that is made smaller cannot be read
THICK = (0.8, 1.6, 3.4)  # pixels, by the strength of an edge
FONT = "font-family='DejaVu Sans, Verdana, sans-serif'"


def tree_svg(
    tree: Tree,
    payoffs: FloatArray,
    chances: FloatArray,
    title: str = "",
    play: Play | None = None,
    *,
    say: Say = str,
) -> str:
    """The tree of one game, ``payoffs[player, end]`` and ``chances[node]``, as SVG.

    How it is played, where that is given, is shown by thickness and by percentages. A dashed line joins nodes that
    cannot be told apart by who moves there. Beside each end stand the outcome and the payoffs in the order of the
    players. ``say`` turns the names of the model into words.
    """
    drawing = layout(tree, payoffs, chances, play, say=say)
    width, height = _px(drawing.width), _px(drawing.height)
    size = f"width='{width}' height='{height}' viewBox='0 0 {width} {height}'"
    names = ", ".join(map(say, tree.players))
    described = f"Tree of {len(tree)} nodes; payoffs in the order {names}"
    parts = [f"<svg xmlns='http://www.w3.org/2000/svg' {size} role='img' font-size='{SIZE * PIXELS / 72:.1f}' {FONT}>"]
    parts.append(f"<title>{escape(title or described)}</title><desc>{escape(described)}</desc>")
    parts += [_line(((ax, ay), (bx, by)), 1.2, " stroke-dasharray='4 3'") for (ax, ay), (bx, by) in drawing.links]
    parts += [_line(edge.points, THICK[edge.strength]) + _label(edge) for edge in drawing.edges]
    parts += [_box(box) for box in drawing.boxes]
    parts += _ends(drawing)
    return "".join([*parts, "</svg>"])


def tree_in_frame(
    name: str, tree: Tree, payoffs: FloatArray, chances: FloatArray, title: str = "", play: Play | None = None
) -> str:
    """The same picture as HTML, in a frame in which it can be moved where the page is too narrow for its letters."""
    drawn = tree_svg(tree, payoffs, chances, title, play)
    width = float(drawn.partition("width='")[2].partition("'")[0])
    return scrolled(name, drawn.replace("<svg ", f"<svg style='min-width:{READABLE * width:.0f}px' ", 1))


def _px(inches: float) -> str:
    return f"{inches * PIXELS:.1f}"


def _line(points: tuple[tuple[float, float], ...], thick: float, more: str = "") -> str:
    places = " ".join(f"{_px(x)},{_px(y)}" for x, y in points)
    return f"<polyline points='{places}' fill='none' stroke='currentColor' stroke-width='{thick}'{more}/>"


def _text(x: float, y: float, text: str, more: str = "") -> str:
    return f"<text x='{_px(x)}' y='{_px(y)}' fill='currentColor'{more}>{escape(text)}</text>"


def _label(edge: Edge) -> str:
    """The words above the last stretch of an edge."""
    x, y = edge.points[2]
    bold = " font-weight='bold'" if edge.strength == len(THICK) - 1 else ""
    lines = reversed(edge.lines)
    return "".join(_text(x + 0.05, y - 0.05 - 0.15 * place, line, bold) for place, line in enumerate(lines))


def _box(box: Box) -> str:
    """Who moves, in a frame; rounded for chance."""
    round_ = 0.12 if box.chance else 0.02
    frame = (
        f"<rect x='{_px(box.x)}' y='{_px(box.y - box.height / 2)}' width='{_px(box.width)}' "
        f"height='{_px(box.height)}' rx='{_px(round_)}' fill='white' stroke='#222222'/>"
    )
    top = box.y - 0.15 * (len(box.lines) - 1) / 2 + 0.045
    texts = (
        _text(box.x + 0.07, top + 0.15 * place, line, " font-style='italic'" if place else "")
        for place, line in enumerate(box.lines)
    )
    return frame + "".join(texts).replace("currentColor", "#222222")


def _ends(drawing: Drawing) -> list[str]:
    """Outcome and payoffs at each end."""
    return [
        f"<text x='{_px(end.x + 0.05)}' y='{_px(end.y + 0.045)}' fill='currentColor'>"
        f"<tspan font-weight='bold'>{escape(end.outcome)}</tspan> {escape(end.payoffs)}</text>"
        for end in drawing.ends
    ]
