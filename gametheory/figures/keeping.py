"""How does an answer keep its letter and its colour from one figure of a page to the next?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

__all__ = ["Answer", "keeping", "seats"]

Answer = frozenset[str]  # the profiles of one set of solutions; an empty one where it is not known

_KEPT: ContextVar[tuple[Answer, ...]] = ContextVar("_KEPT", default=())


@contextmanager
def keeping(answers: Iterable[Iterable[str]]) -> Iterator[None]:
    """Let the ``answers``, each the profiles of a set of solutions, have the first letters of every figure inside."""
    token = _KEPT.set(tuple(dict.fromkeys(frozenset(answer) for answer in answers)))
    try:
        yield
    finally:
        _KEPT.reset(token)


def seats(answers: Sequence[Iterable[str]]) -> list[int]:
    """The place of each answer among letters and colours: that which is kept for it, else the next that is free.

    >>> seats([{"a"}, {"b"}])
    [0, 1]
    >>> with keeping([{"b"}, {"c"}]):
    ...     seats([{"a"}, {"b"}, {"d"}])
    [2, 0, 3]
    """
    kept = {answer: place for place, answer in enumerate(_KEPT.get())}
    return [kept.setdefault(frozenset(answer), len(kept)) for answer in answers]
