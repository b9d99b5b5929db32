"""How is a strategy, a profile or an order of play said in a sentence?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from gametheory.figures.words import joined, labelled, percent, sentence_case

if TYPE_CHECKING:
    from gametheory.model import Model

__all__ = ["Names", "condition", "names_of", "played", "strategy", "support", "together"]


CONDITIONS = MappingProxyType(
    {
        "subgame_perfect": "if every part of the tree that stands alone is played in equilibrium",
        "sequential": "if every move is best where it is made, given what is believed there",
        "equilibrium": "if the equations of the model hold",
    }
)
"""Orders of play that are no player -> their if-clauses."""

TOKEN = re.compile(r"(?<![\w/])[A-Za-z][\w./]*")


@dataclass(frozen=True)
class Names:
    """The players in the order of the profiles, and the words for every name of a model that has some."""

    players: tuple[str, ...]
    labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    form: str = "strategic"
    axes: tuple[str, ...] = ()  # of a profile, where they are not the players
    meanings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))  # of the unknowns of equations
    proper: frozenset[str] = frozenset()  # players whose labels are names of the world, as NATO, and no common words

    def say(self, name: str) -> str:
        """A name in words."""
        return labelled(name, self.labels)

    def meant(self, name: str) -> str:
        """A name in words, and in brackets what the model file says that it means.

        >>> Names((), meanings={"x": "percent of GDP that Europe spends"}).meant("x")
        'x (percent of GDP that Europe spends)'
        """
        meaning = self.meanings.get(name, "").strip().rstrip(".")
        return f"{self.say(name)} ({meaning})" if meaning else self.say(name)

    def plain(self, text: str) -> str:
        """A text with every name of a model file that stands in it, and every player, in words.

        >>> names = Names(("nato",), {"nato": "NATO"}, proper=frozenset({"nato"}))
        >>> names.plain("Nato moves first; of nato disaster_loss: frames/base_case.csv")
        'NATO moves first; of NATO disaster loss: frames/base_case.csv'
        >>> Names(("west",), {"west": "the West"}, proper=frozenset({"west"})).plain("The West holds")
        'The West holds'
        """
        return TOKEN.sub(lambda found: self._told(found[0]), text)

    def _told(self, token: str) -> str:
        """A word of a text in words, where it is a name."""
        small = token[:1].lower() + token[1:]
        if small in self.proper and token not in self.say(small).split():
            return self.say(small)
        if _no_name(token) or "_" not in token:
            return token
        head, dot, tail = token.partition(".")
        return f"{self.say(head)}{f' of type {self.say(tail)}' if dot and tail else dot}"

    def words(self, text: str, known: Iterable[str]) -> str:
        """A text of an analysis with the names in ``known``, wherever they stand, in words.

        >>> Names(()).words("if escalation_risk is above 0.1", ["escalation_risk"])
        'if escalation risk is above 0.1'
        """
        for name in sorted(known, key=len, reverse=True):
            said = self.say(name).replace("\\", r"\\")
            text = re.sub(rf"(?<![\w.]){re.escape(name)}(?!\w)", said, text)
        return text


def _no_name(token: str) -> bool:
    """Whether a word of a text is no name of the model: a file, an address or a number."""
    return "/" in token or token.endswith((".csv", ".parquet", ".yaml")) or token[:1].isdigit()


def names_of(model: Model) -> Names:
    """The players and the labels of a model, and the words in its names that are names of the world, as Ukraine."""
    used = {*model.parameters, *model.measures, *(action for _, own in model.axes for action in own)}
    words = {word for name in used for word in name.split("_")}
    labels = {word: word.capitalize() for word in words if _is_name(word.capitalize(), model.text)}
    taken = {action for _, actions in model.axes for action in actions}  # a parameter of the same name goes without
    own = {name: p.label for name, p in model.parameters.items() if p.label and name not in taken}
    labels |= {name: inside_sentence(label, model.text) for name, label in own.items()}
    labels |= {name: f"\u201c{label}\u201d" for name, label in labels.items() if "," in label}  # a comma ends no item
    labels |= {name: _counted_apart(name, labels) for name in used if re.search(r" \d+$", name)}
    labels |= {player.name: re.sub("^The ", "the ", player.label) for player in model.players if player.label}
    axes = tuple(name for name, _ in model.axes)
    proper = frozenset(own.name for own in model.players if _is_name(labels.get(own.name, own.name), model.text))
    solved = () if model.system is None else model.system.unknowns
    meanings = MappingProxyType({own.name: own.meaning for own in solved if own.meaning})
    players = tuple(own.name for own in model.players)
    return Names(players, MappingProxyType(labels), model.form, axes, meanings, proper)


def _counted_apart(name: str, labels: Mapping[str, str]) -> str:
    """The words for the second solution of one name, and the further ones.

    >>> _counted_apart("mostly_bluff 2", {})
    'mostly bluff (2)'
    """
    kind, _, number = name.rpartition(" ")
    return f"{labelled(kind, labels)} ({number})"


def _is_name(word: str, text: str) -> bool:
    """Whether a text writes a word with a capital in the middle of a sentence, and never without, as it may ``A``."""
    own = re.escape(word)
    plain = re.search(rf"[a-z] {own.lower()} [a-z]", text)
    return bool(word) and plain is None and re.search(rf"[a-z,;] {own}\b", text) is not None


def inside_sentence(label: str, text: str) -> str:
    """A label as it stands inside a sentence: a capital that only begins the label goes.

    A word that is written with a capital in the middle of a sentence of ``text`` is a name, and keeps it.

    >>> [inside_sentence(label, "in Russia") for label in ("Cost of a strike", "Russia's stake", "EU aid")]
    ['cost of a strike', "Russia's stake", 'EU aid']
    """
    word = re.split(r"\W", label, maxsplit=1)[0]
    return label if _is_name(word, text) or word[1:] != word[1:].lower() else label[:1].lower() + label[1:]


def condition(order: str, names: Names, concept: str = "nash") -> str:
    """The if-clause of an order of play.

    >>> names = Names(("nato", "russia"), {"nato": "NATO"})
    >>> condition("simultaneous", names), condition("nato", names)
    ('if both sides choose at once', 'if NATO moves first and is observed')
    """
    if order in CONDITIONS:
        return CONDITIONS[order]
    if order == "simultaneous" and names.form != "strategic":
        return "if whole plans are chosen at once"
    if order == "simultaneous":
        return f"if {'both' if len(names.players) == 2 else 'all'} sides choose at once"
    mixture = ", committed to a mixture that the other side sees" if concept == "commitment" else " and is observed"
    return f"if {names.say(order)} moves first{mixture}"


def together(told: Sequence[tuple[str, str]], link: str = ", ") -> list[str]:
    """Sentences from clauses and what holds under each; clauses under which the same holds stand in one sentence.

    >>> together([("in one", "all is well."), ("in two", "all is well."), ("in three", "it is not.")])
    ['In one, and also in two, all is well.', 'In three, it is not.']
    """
    groups: dict[str, list[str]] = {}
    for clause, said in told:
        groups.setdefault(said, []).append(clause)
    return [f"{sentence_case(', and also '.join(clauses))}{link}{said}" for said, clauses in groups.items()]


def played(profile: str, names: Names, order: str = "simultaneous") -> str:
    """A profile as the main clause of a sentence, the leader first.

    >>> names = Names(("nato", "russia"), {"nato": "NATO", "russia": "Russia"})
    >>> played("surge, carry_on", names)
    'NATO plays surge and Russia plays carry on'
    >>> played("0.25 hold + 0.75 fold, strike", names, "russia")
    'Russia plays strike and NATO answers by mixing hold (25.0%) and fold (75.0%)'
    """
    if names.form != "strategic":
        return _played_at(profile.split(", "), names)
    own = dict(zip(names.players, profile.split(", "), strict=True))
    first = [order] if order in own else []
    parts = [_clause(player, own[player], names, "plays") for player in first or names.players]
    answers = [_clause(player, own[player], names, "answers") for player in names.players if first and player != order]
    return joined([*parts, *answers])


def _played_at(parts: Sequence[str], names: Names) -> str:
    """A profile of another form: what is chosen at each information set, or which outcome the equations have."""
    if names.form == "analytic":
        return f"the outcome is {names.say(parts[0])}"
    told = [
        f"{strategy(part, names)} at {names.say(axis.replace('.', ' of type '))}"
        for axis, part in zip(names.axes, parts, strict=True)
        if part != "*"
    ]
    return f"the choices are {joined(told)}"


def strategy(text: str, names: Names) -> str:
    """A strategy: an action, or the actions of a mixture with their probabilities where they are known.

    >>> names = Names(("nato",))
    >>> strategy("carry_on", names), strategy("hold+fold", names), strategy("1/3 hold + 2/3 fold", names)
    ('carry on', 'hold and fold', 'hold (1/3) and fold (2/3)')
    """
    if " + " not in text:
        return joined([names.say(action) for action in text.split("+")])
    return joined([f"{names.say(action)} ({_weight(weight)})" for weight, action in _weighted(text)])


def support(profile: str) -> str:
    """The profile by its actions in use alone, as the analyses over many games name it.

    >>> support("0.25 hold + 0.75 fold, strike")
    'hold+fold, strike'
    """
    own = profile.split(", ")
    return ", ".join("+".join(action for _, action in _weighted(text)) if " + " in text else text for text in own)


def _clause(player: str, own: str, names: Names, verb: str) -> str:
    """What one player does: ``NATO plays surge``, ``Russia answers with strike``, ``NATO mixes hold and fold``."""
    said = strategy(own, names)
    if "+" in own:
        return f"{names.say(player)} {'mixes' if verb == 'plays' else 'answers by mixing'} {said}"
    return f"{names.say(player)} {'plays' if verb == 'plays' else 'answers with'} {said}"


def _weighted(text: str) -> Sequence[tuple[str, str]]:
    """The weights and actions of a mixture."""
    pairs = [part.partition(" ") for part in text.split(" + ")]
    return [(weight, action) for weight, _, action in pairs]


def _weight(text: str) -> str:
    """A probability: fractions as they stand, decimals in per cent."""
    return text if "/" in text else percent(float(text))
