"""How is a game written as a ``.nfg`` file that Gambit reads and that loses no digit?"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np

from gametheory.errors import InputError
from gametheory.formats.reading import LONGEST_NUMBER
from gametheory.formats.tokens import quote
from gametheory.games import Games

__all__ = ["check_length", "decimal_text", "format_nfg"]


def format_nfg(games: Games) -> str:
    """Text of the one game in ``games``: named strategies, and one line of payoffs for each profile.

    Fractions are written where the game has them, else the shortest decimals that give the same doubles. Raises
    InputError for a batch of several games and for payoffs that are not finite.

    >>> from gametheory.games import strategic
    >>> print(format_nfg(strategic([[[3, 0.1]], [[1, 2]]], players=["nato", "russia"], title="Small")), end="")
    NFG 1 R "Small" { "nato" "russia" }
    <BLANKLINE>
    { { "a1" }
    { "a1" "a2" }
    }
    ""
    <BLANKLINE>
    3 1
    0.1 2
    """
    if len(games) != 1:
        raise InputError(f"a .nfg file holds one game, found a batch of {len(games)}; write games[0], games[1], ...")
    payoffs = games.payoffs[0] if games.exact is None else games.exact[0]
    rows = payoffs.T.reshape(-1, len(games.players))
    lists = "\n".join(_list(own) for own in games.actions)
    lines = (" ".join(_number(payoff) for payoff in row) for row in rows.tolist())
    head = f"NFG 1 R {quote(games.title)} {_list(games.players)}"
    return "\n".join([head, "", f"{{ {lists}", "}", '""', "", *lines, ""])


def _list(labels: tuple[str, ...]) -> str:
    return f"{{ {' '.join(map(quote, labels))} }}"


def _number(payoff: float | Fraction) -> str:
    if isinstance(payoff, float):
        return decimal_text(payoff)
    check_length(payoff)
    return str(payoff)


def decimal_text(payoff: float) -> str:
    """Shortest decimal that gives the same double, without an exponent, which not every reader of a format knows."""
    if not np.isfinite(payoff):
        raise InputError(f"payoff {payoff!r} cannot be written; a game file holds finite numbers")
    return format(Decimal(repr(payoff)), "f").removesuffix(".0")


def check_length(payoff: Fraction) -> None:
    """Refuse a fraction that is too long to be read back."""
    text_size = (payoff.numerator.bit_length() + payoff.denominator.bit_length()) * 0.30103 + 4
    if text_size > LONGEST_NUMBER:
        raise InputError(f"a payoff of about {text_size:.0f} digits cannot be written; at most {LONGEST_NUMBER}")
