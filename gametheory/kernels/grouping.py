"""Which games of a batch carry the same set of keys?

A set, its keys in ascending order, is a path in a tree from the root; two games carry the same set when their paths end
at the same node. The nodes stand in a hash table under their parent and last key, so that a batch takes one pass.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
KeyArray = NDArray[np.uint64]

FREE = -1
ROOM = 64  # nodes to begin with; the tree grows by doubling
SLOTS = 4  # places in the table for each node that there is room for: most are found at the first look

# Odd multipliers near 2**64 over the golden ratio and over its square, which spread keys that differ in few bits
# (Knuth, The Art of Computer Programming, volume 3, section 6.4).
KEY_FACTOR = np.uint64(0x9E3779B97F4A7C15)
PARENT_FACTOR = np.uint64(0x61C8864680B583EB)
HALF = np.uint64(32)


@njit(nogil=True, cache=True)
def key_sets(games: int, game: IntArray, key: KeyArray) -> tuple[IntArray, IntArray, KeyArray]:
    """Find the node at which each game's set of keys ends.

    ``game[s]`` is the game that carries ``key[s]``; the keys of a game stand together and may repeat. Returns the node
    of each game (0, the root, is the empty set) and, for each node, its parent and its key, the largest of its set.
    """
    node = np.zeros(games, np.int64)
    parent, last = np.full(ROOM, FREE, np.int64), np.zeros(ROOM, np.uint64)
    slots = np.full(SLOTS * ROOM, FREE, np.int64)
    nodes, start = 1, 0
    while start < len(game):
        stop = start + 1
        while stop < len(game) and game[stop] == game[start]:
            stop += 1
        own = key[start : start + 1] if stop == start + 1 else np.sort(key[start:stop])
        here = 0
        for k in range(len(own)):
            if k == 0 or own[k] != own[k - 1]:
                slot = place(slots, parent, last, here, own[k])
                if slots[slot] == FREE:
                    if nodes == len(parent):
                        parent, last, slots = larger(parent, last)
                        slot = place(slots, parent, last, here, own[k])
                    parent[nodes], last[nodes], slots[slot] = here, own[k], nodes
                    nodes += 1
                here = slots[slot]
        node[game[start]] = here
        start = stop
    return node, parent[:nodes], last[:nodes]


@njit(nogil=True, cache=True)
def place(slots: IntArray, parent: IntArray, last: KeyArray, above: int, key: np.uint64) -> int:
    """The slot of the node with this parent and key, or the free one where it belongs."""
    mixed = key * KEY_FACTOR ^ np.uint64(above) * PARENT_FACTOR
    slot = np.int64((mixed ^ mixed >> HALF) & np.uint64(len(slots) - 1))
    while slots[slot] != FREE and not (parent[slots[slot]] == above and last[slots[slot]] == key):
        slot = (slot + 1) & (len(slots) - 1)
    return int(slot)


@njit(nogil=True, cache=True)
def larger(parent: IntArray, last: KeyArray) -> tuple[IntArray, KeyArray, IntArray]:
    """Twice the room for nodes, and a table that holds those there are."""
    nodes = len(parent)
    new_parent, new_last = np.full(2 * nodes, FREE, np.int64), np.zeros(2 * nodes, np.uint64)
    new_parent[:nodes], new_last[:nodes] = parent, last
    slots = np.full(2 * SLOTS * nodes, FREE, np.int64)
    for number in range(1, nodes):
        slots[place(slots, new_parent, new_last, parent[number], last[number])] = number
    return new_parent, new_last, slots
