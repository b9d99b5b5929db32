"""The games, one room per form: what is played, without a word about how it is solved."""

from gametheory.games.analytic import AnalyticGames
from gametheory.games.extensive import ExactTree, ExtensiveGames
from gametheory.games.strategic import Games, strategic
from gametheory.games.trees import CHANCE, END, InformationSet, Tree

__all__ = [
    "CHANCE",
    "END",
    "AnalyticGames",
    "ExactTree",
    "ExtensiveGames",
    "Games",
    "InformationSet",
    "Tree",
    "strategic",
]
