"""How does a figure tell what is so under each order of play, without saying the same thing twice?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gametheory.figures.words import EQUILIBRIUM, OF_FORMS, Labels, joined, order_name, order_phrase, sentence_case

__all__ = ["by_order", "every_order", "order_heading"]


def by_order(said: Mapping[str, str], labels: Labels | None = None, gap: str = ", ") -> str:
    """What is said of each order of play as one sentence: orders of which the same is said stand together.

    ``gap`` stands between the order and what is said of it. A model of equations has no order of play to be told.

    >>> by_order({"simultaneous": "a", "nato": "b", "russia": "a"}, {"nato": "NATO"})
    'in simultaneous play and when russia moves first, a; when NATO moves first, b'
    >>> by_order({"simultaneous": "a", "sequential": "a"}), by_order({"equilibrium": "a"})
    ('in every kind of play, a', 'a')
    """
    if set(said) == {EQUILIBRIUM}:
        return said[EQUILIBRIUM]
    groups: dict[str, list[str]] = {}
    for order, text in said.items():
        groups.setdefault(text, []).append(order)
    parts = []
    for text, orders in groups.items():
        every = len(orders) == len(said) > 1
        where = every_order(said) if every else joined([order_phrase(order, labels) for order in orders])
        parts.append(f"{where}{gap}{text}")
    return "; ".join(parts)


def every_order(orders: Iterable[str]) -> str:
    """All of several orders of play inside a sentence; those of a tree are kinds of play.

    >>> every_order(["simultaneous", "nato"]), every_order(["simultaneous", "sequential"])
    ('in every order of play', 'in every kind of play')
    """
    return f"in every {'kind' if set(orders) <= OF_FORMS.keys() else 'order'} of play"


def order_heading(order: str, labels: Labels | None = None, about: str = "") -> str:
    """The heading of what is drawn for one order of play, and what it is about; equations need no order named.

    >>> order_heading("nato", {"nato": "NATO"}, "risk"), order_heading("equilibrium", about="risk")
    ('NATO first: risk', 'Risk')
    """
    name = "" if order == EQUILIBRIUM else order_name(order, labels)
    return sentence_case(": ".join(part for part in (name, about) if part))
