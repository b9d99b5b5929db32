"""The games, one room per form: what is played, without a word about how it is solved."""

from gametheory.games.strategic import Games, strategic

__all__ = ["Games", "strategic"]
