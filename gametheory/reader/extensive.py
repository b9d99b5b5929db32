"""Does the tree of a file make sense: players, information sets, outcomes, types, and what measures and claims name?"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from gametheory.games.trees import OF_TYPE
from gametheory.reader.draft import Draft, Finding, offer
from gametheory.reader.formulas import cell_findings, known_names
from gametheory.reader.tree import Node, Path

__all__ = ["Place", "Plan", "extensive_findings", "plan_of"]

MOST_NODES = 20_000  # of a tree, types drawn


@dataclass(frozen=True)
class Place:
    """A node of the written tree that is no outcome: its path in the file, what stands there, and the moves."""

    path: Path
    kind: str
    name: str
    player: str
    moves: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """What a written tree holds: its places in the order of the file, and the ends with the outcomes they name."""

    places: list[Place] = field(default_factory=list)
    ends: list[tuple[Path, str]] = field(default_factory=list)


def plan_of(root: Node) -> Plan:
    """The places and ends of the tree in a file, in the order of the file; what has not its structure is left out."""
    plan = Plan()
    if "tree" in root.parts:
        _walk(root.parts["tree"], ("tree",), plan)
    return plan


def extensive_findings(draft: Draft) -> Iterator[Finding]:
    """Everything that is wrong with the content of an extensive model, apart from what its numbers tell."""
    if draft.form != "extensive":
        return
    plan = plan_of(draft.root)
    yield from _type_findings(draft)
    yield from _outcome_findings(draft, plan)
    yield from _place_findings(draft, plan)
    yield from _size_findings(draft, plan)
    sets = {place.name: place for place in reversed(plan.places) if place.kind == "player" and place.name}
    for name in draft.keys("measures"):
        yield from _measure_findings(draft, ("measures", name), sets)
    for name in draft.keys("claims"):
        for part in ("given", "expect"):
            yield from _set_findings(draft, ("claims", name, "holds", part), sets)


def _walk(node: Node, path: Path, plan: Plan) -> None:
    """Collect the places at and below a node."""
    if node.kind == "scalar":
        plan.ends.append((path, node.text))
        return
    moves = node.parts.get("moves")
    if node.kind != "mapping" or moves is None or moves.kind != "mapping":
        return
    chance = "chance" in node.parts
    name = node.parts.get("chance" if chance else "at")
    player = node.parts.get("player")
    labels = tuple(map(str, moves.parts))
    kind = "chance" if chance else "player"
    plan.places.append(Place(path, kind, name.text if name else "", player.text if player else "", labels))
    for step, branch in moves.parts.items():
        then = branch.parts.get("then") if chance else branch
        if then is not None:
            _walk(then, (*path, "moves", step, *(("then",) if chance else ())), plan)


def _type_findings(draft: Draft) -> Iterator[Finding]:
    """Types of unknown players, and probabilities that cannot be read."""
    known = known_names(draft)
    for player in draft.keys("types"):
        yield from _player_findings(draft, ("types", player), player, at_key=True)
        for name in draft.keys("types", player):
            yield from cell_findings(draft, ("types", player, name), known, {})


def _outcome_findings(draft: Draft, plan: Plan) -> Iterator[Finding]:
    """Outcomes that leave a player out, that know no such player or type, and that nothing leads to."""
    players, known = draft.keys("players"), known_names(draft)
    used = {name for _, name in plan.ends}
    for outcome in draft.keys("outcomes"):
        path: Path = ("outcomes", outcome)
        if outcome not in used and draft.sound(("tree",)):
            yield Finding(path, "no branch of the tree leads to this outcome; name it there or remove it", at_key=True)
        written = draft.keys(*path)
        for player in players:
            if player not in written and path not in draft.broken:
                yield Finding((*path, player), f"is missing; expected a formula for what {player} gets", at_key=True)
        for player in written:
            yield from _player_findings(draft, (*path, player), player, at_key=True)
            if not draft.keys(*path, player):
                yield from cell_findings(draft, (*path, player), known, {})
            elif player in players:
                yield from _by_type_findings(draft, (*path, player), player)


def _by_type_findings(draft: Draft, path: Path, player: str) -> Iterator[Finding]:
    """A payoff by type that leaves a type out or knows one that is not there."""
    known, types = known_names(draft), draft.keys("types", player)
    written = draft.keys(*path)
    for name in types:
        if name not in written:
            yield Finding((*path, name), f"is missing; expected what {player} gets when of this type", at_key=True)
    for name in written:
        if name not in types:
            yield Finding((*path, name), f"{player} has no type {name!r}{offer(name, types, 'types')}", at_key=True)
        yield from cell_findings(draft, (*path, name), known, {})


def _place_findings(draft: Draft, plan: Plan) -> Iterator[Finding]:
    """Unknown players and outcomes, and nodes of one name that do not fit together."""
    outcomes, known = draft.keys("outcomes"), known_names(draft)
    first: dict[tuple[str, str], Place] = {}
    for place in plan.places:
        if place.kind == "chance":
            for step in place.moves:
                yield from cell_findings(draft, (*place.path, "moves", step, "probability"), known, {})
        elif place.player:
            yield from _player_findings(draft, (*place.path, "player"), place.player)
        before = first.setdefault((place.kind, place.name), place)
        if before is not place and place.name:
            yield from _twin_findings(draft, before, place)
    for path, name in plan.ends:
        if outcomes and name not in outcomes and draft.sound(path):
            yield Finding(path, f"no outcome named {name!r}{offer(name, outcomes, 'outcomes')}")


def _size_findings(draft: Draft, plan: Plan) -> Iterator[Finding]:
    """A tree that the types make too large."""
    combinations = math.prod(max(1, len(draft.keys("types", player))) for player in draft.keys("types"))
    nodes = combinations * (len(plan.places) + len(plan.ends))
    if nodes > MOST_NODES:
        message = f"{nodes} nodes, {combinations} for each that is written because of the types; at most {MOST_NODES}"
        yield Finding(("tree",), f"{message} are allowed", at_key=True)


def _twin_findings(draft: Draft, before: Place, place: Place) -> Iterator[Finding]:
    """Two nodes of one information set with different players or moves; two moves of chance of one name may differ."""
    if place.kind == "chance":
        return
    line = draft.root.find(before.path).place.line
    where = f"the information set {place.name!r}, which stands first in line {line}"
    if place.player != before.player:
        yield Finding((*place.path, "player"), f"{place.player!r} moves here, and {before.player!r} at {where}")
    elif place.moves != before.moves:
        message = f"the moves differ from those at {where}: {', '.join(before.moves)}; a player would tell them apart"
        yield Finding((*place.path, "moves"), message, at_key=True)


def _player_findings(draft: Draft, path: Path, player: str, *, at_key: bool = False) -> Iterator[Finding]:
    players = draft.keys("players")
    if players and player not in players:
        yield Finding(path, f"no player named {player!r}{offer(player, players, 'players')}", at_key=at_key)


def _measure_findings(draft: Draft, path: Path, sets: dict[str, Place]) -> Iterator[Finding]:
    """Outcomes and moves that a measure names but the tree has not."""
    outcomes, known = draft.keys("outcomes"), known_names(draft)
    for place, outcome in enumerate(draft.value(*path, "reached") or []):
        if outcomes and outcome not in outcomes:
            near = offer(outcome, outcomes, "outcomes")
            yield Finding((*path, "reached", place), f"no outcome named {outcome!r}{near}")
    for outcome in draft.keys(*path, "expected"):
        if outcomes and outcome not in outcomes:
            near = offer(outcome, outcomes, "outcomes")
            yield Finding((*path, "expected", outcome), f"no outcome named {outcome!r}{near}", at_key=True)
        yield from cell_findings(draft, (*path, "expected", outcome), known, {})
    yield from _set_findings(draft, (*path, "played"), sets)


def _set_findings(draft: Draft, path: Path, sets: dict[str, Place]) -> Iterator[Finding]:
    """Information sets, types and actions that are named but not there."""
    for written in draft.keys(*path):
        name, _, of_type = written.partition(OF_TYPE)
        if name not in sets:
            if sets:
                near = offer(name, tuple(sets), "information sets")
                yield Finding((*path, written), f"no information set named {name!r}{near}", at_key=True)
            continue
        types = draft.keys("types", sets[name].player)
        if of_type and of_type not in types:
            near = offer(of_type, types, "types")
            yield Finding((*path, written), f"{sets[name].player} has no type {of_type!r}{near}", at_key=True)
        for place, action in enumerate(draft.value(*path, written) or []):
            if action not in sets[name].moves:
                near = offer(action, sets[name].moves, "actions")
                yield Finding((*path, written, place), f"there is no action {action!r} at {name}{near}")
