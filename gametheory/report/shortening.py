"""How is a sentence kept short enough to be read at a glance?"""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["MOST_WORDS", "shortest", "words_in"]

MOST_WORDS = 60  # of a sentence on the first screen


def words_in(text: str) -> int:
    """How many words a text has; a sign that stands alone is none.

    >>> words_in("surge / carry on, in 8.7% of 100,000 draws")
    8
    """
    return sum(1 for part in text.split() if re.search(r"\w", part))


def shortest(candidates: Iterable[str]) -> str:
    """The first of some sentences that is short enough, or the shortest of them where none is.

    >>> shortest(["word " * 100, "a few words", "few words"])
    'a few words'
    """
    tried = []
    for text in candidates:
        if words_in(text) <= MOST_WORDS:
            return text
        tried.append(text)
    return min(tried, key=words_in)
