"""How is a strategy, a profile or an order of play said in a sentence?"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from gametheory.figures.words import joined, labelled, order_phrase, percent, profile, sentence_case, spaced

if TYPE_CHECKING:
    from gametheory.model import Model

__all__ = [
    "UNNAMED",
    "Names",
    "at",
    "condition",
    "during",
    "improbable",
    "names_of",
    "outcome_said",
    "played",
    "sides",
    "strategy",
    "support",
    "together",
]


CONDITIONS = MappingProxyType(
    {
        "subgame_perfect": "if every part of the tree that stands alone is played in equilibrium",
        "sequential": "if every move is best where it is made, given what is believed there",
        "equilibrium": "if the equations of the model hold",
    }
)
"""Orders of play that are no player -> their if-clauses."""

UNNAMED = frozenset({"root", "solution", "optimum"})  # outcomes that the model file gives no name of its own
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
    certain: bool = False  # nothing has a probability: parameters are known within intervals, at which points are tried

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
    sides = {player.name: re.sub("^The ", "the ", player.label) for player in model.players if player.label}
    axes = tuple(name for name, _ in model.axes)
    proper = frozenset(own.name for own in model.players if _is_name(sides.get(own.name, own.name), model.text))
    labels |= _spelt({*used, *model.claims} - labels.keys(), labels.keys() & model.parameters.keys(), labels, sides)
    labels |= sides
    solved = () if model.system is None else model.system.unknowns
    meanings = MappingProxyType({own.name: own.meaning for own in solved if own.meaning})
    players = tuple(own.name for own in model.players)
    return Names(players, MappingProxyType(labels), model.form, axes, meanings, proper, improbable(model))


def improbable(model: Model) -> bool:
    """Whether nothing in a model has a probability: of the parameters that are not fixed only intervals are known."""
    laws = [own.law for own in model.parameters.values() if own.law.kind != "fixed"]
    return bool(laws) and not any(law.has_probability for law in laws)


def _spelt(
    names: Iterable[str], parameters: Collection[str], labels: Mapping[str, str], sides: Mapping[str, str]
) -> dict[str, str]:
    """Names of several words that hold the name of a parameter, word by word without that parameter's label.

    >>> _spelt(["gain_of_steps", "in_nato"], ["steps"], {"steps": "number of steps"}, {"nato": "NATO"})
    {'gain_of_steps': 'gain of steps'}
    """
    words = {name: spaced(name).split() for name in names}
    known = {word: text for word, text in {**labels, **sides}.items() if word not in parameters}
    return {name: " ".join(known.get(word, word) for word in own) for name, own in words.items()
            if len(own) > 1 and any(word in parameters for word in own)}  # fmt: skip


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

    An empty clause, as that of the one order of play of equations, is left out.

    >>> together([("in one", "all is well."), ("in two", "all is well."), ("in three", "it is not.")])
    ['In one, and also in two, all is well.', 'In three, it is not.']
    """
    groups: dict[str, list[str]] = {}
    for clause, said in told:
        groups.setdefault(said, []).append(clause)
    return [
        f"{sentence_case(', and also '.join(clauses))}{link}{said}" if any(clauses) else sentence_case(said)
        for said, clauses in groups.items()
    ]


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
        unnamed = parts[0].rpartition(" ")[0] in UNNAMED or parts[0] in UNNAMED
        return (
            "there is the solution that the table lists"
            if unnamed
            else f"the outcome is {outcome_said(parts[0], names)}"
        )
    told = [
        f"{strategy(part, names)} {at(axis, names)}"
        for axis, part in zip(names.axes, parts, strict=True)
        if part != "*"
    ]
    return f"the choices are {joined(told)}"


def at(axis: str, names: Names) -> str:
    """Where a choice is made in a tree: at an information set.

    >>> at("reply.hard", Names(())), at("after_calm", Names(()))
    ('at reply of type hard', 'after calm')
    """
    place = names.say(axis.replace(".", " of type "))
    return place if place.startswith("after ") else f"at {place}"


ORDINALS = MappingProxyType({2: "second", 3: "third", 4: "fourth", 5: "fifth"})


def outcome_said(text: str, names: Names) -> str:
    """A solution inside a sentence: a profile, or the name that the model file gives to a solution of equations.

    >>> names = Names((), form="analytic")
    >>> outcome_said("mostly_bluff", names), outcome_said("mostly_bluff 2", names), outcome_said("a, b", Names(("a",)))
    ('\u201cmostly bluff\u201d', 'a second \u201cmostly bluff\u201d', 'a / b')
    """
    if names.form != "analytic":
        return profile(text, names.labels)
    kind, gap, number = text.rpartition(" ")
    if not gap or not number.isdigit():
        return f"\u201c{names.say(text)}\u201d"
    return f"a {ORDINALS.get(int(number), f'{number}th')} \u201c{names.say(kind)}\u201d"


def during(order: str, names: Names, concept: str = "nash") -> str:
    """The order of play that something is about, inside a sentence; of equations, which have one alone, nothing."""
    return "" if names.form == "analytic" else order_phrase(order, names.labels, concept)


def sides(names: Names) -> str:
    """The players, so that one of several words is not read as two.

    >>> sides(Names(("a", "b"), {"a": "Russia", "b": "Ukraine and its backers"})), sides(Names(("a", "b")))
    ('Russia, and Ukraine and its backers', 'a and b')
    """
    told = [names.say(player) for player in names.players]
    if not any(" and " in text for text in told):
        return joined(told)
    return f"{', '.join(told[:-1])}, and {told[-1]}"


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
