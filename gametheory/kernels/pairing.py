"""Which pairs of vertices are extreme equilibria, which components do they form, and what is the index of each?

Take one vertex from each best-response polytope, neither of them the origin. If between them every action of both
players is unplayed or a best reply, the two strategies are an extreme equilibrium, and mixing such pairs gives all
others. Pairs that share a vertex belong to one component, and so does whatever a chain of them connects. The index
comes from the perturbed polytopes: there the matching pairs are the equilibria of a game without ties, each with an
index of 1 or -1, in all 1 (Shapley 1974); a component's index is the sum over those whose limits it contains (Avis,
Rosenberg, Savani and von Stengel 2010).
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numba import njit
from numpy.typing import NDArray

from gametheory.kernels.polytopes import NONBASIC, TIGHT, find, sign_of_support

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
SmallArray = NDArray[np.int8]
Table = NDArray[np.int32]
Number = TypeVar("Number", bound=np.generic)

FIRST, SECOND, COMPONENT, INDEX = 0, 1, 2, 3  # columns of a list of pairs


@njit(nogil=True, cache=True, error_model="numpy")
def pair_vertices(
    names_x: SmallArray,
    sets_x: IntArray,
    count_x: int,
    names_y: SmallArray,
    sets_y: IntArray,
    table_y: Table,
    m: int,
    n: int,
    out: IntArray,
) -> int:
    """Write into ``out`` the pairs of vertices whose nonbasic labels are exactly complementary; return how many.

    They are the equilibria of the perturbed game: all of the game's own, each its own component, where it has no ties.
    """
    row_bits, column_bits = (np.int64(1) << m) - 1, (np.int64(1) << n) - 1
    full = (np.int64(1) << (m + n)) - 1
    found = 0
    for x in range(1, count_x):
        wanted = full ^ sets_x[x, NONBASIC]
        mask = ((wanted >> m) & column_bits) | ((wanted & row_bits) << n)
        y = np.int64(table_y[find(sets_y, table_y, mask)])
        if y > 0:
            replies_x = (sets_x[x, NONBASIC] >> m) & column_bits
            replies_y = (sets_y[y, NONBASIC] >> n) & row_bits
            sign = -sign_of_support(names_x, x, replies_x, n, m) * sign_of_support(names_y, y, replies_y, m, n)
            for action in range(m):  # turned for supports of even size
                if not (sets_x[x, NONBASIC] >> action) & 1:
                    sign = -sign
            out[found, FIRST], out[found, SECOND], out[found, COMPONENT], out[found, INDEX] = x, y, found, sign
            found += 1
    return found


@njit(nogil=True, cache=True)
def list_tied(
    sets_x: IntArray, count_x: int, sets_y: IntArray, count_y: int, m: int, n: int, pairs: IntArray, found: int
) -> int:
    """Put the extreme equilibria of a tied game into ``pairs``, in place of the first ``found``; return how many.

    Where they are more than ``pairs`` has room for, none is written.
    """
    tied = tied_pairs(sets_x, count_x, sets_y, count_y, m, n, pairs[:found])
    if len(tied) <= len(pairs):
        pairs[: len(tied)] = tied
    return len(tied)


@njit(nogil=True, cache=True)
def tied_pairs(
    sets_x: IntArray, count_x: int, sets_y: IntArray, count_y: int, m: int, n: int, perturbed: IntArray
) -> IntArray:
    """List the extreme equilibria of a tied game: every pair of distinct vertices that covers all labels.

    ``perturbed`` are the equilibria of the perturbed game, whose indices are handed to the components that their limits
    lie in.
    """
    tight_x, tight_y = sets_x[:count_x, TIGHT].copy(), sets_y[:count_y, TIGHT].copy()
    alias_x, alias_y = same_vertex(tight_x), same_vertex(tight_y)
    out: IntArray = extreme_pairs(tight_x, tight_y, alias_x, alias_y, m, n)
    total = np.zeros(len(out), np.int64)
    for k in range(len(perturbed)):
        for pair in range(len(out)):
            if out[pair, FIRST] == alias_x[perturbed[k, FIRST]] and out[pair, SECOND] == alias_y[perturbed[k, SECOND]]:
                total[out[pair, COMPONENT]] += perturbed[k, INDEX]
                break
    for pair in range(len(out)):
        out[pair, INDEX] = total[out[pair, COMPONENT]]
    return out


@njit(nogil=True, cache=True)
def same_vertex(tight: IntArray) -> IntArray:
    """The first vertex with the same tight labels: a vertex is the only point at which they are all tight."""
    alias = np.empty(len(tight), np.int64)
    order = np.argsort(tight, kind="mergesort")
    leader = order[0]
    for vertex in order:
        if tight[vertex] != tight[leader]:
            leader = vertex
        alias[vertex] = leader
    return alias


@njit(nogil=True, cache=True)
def extreme_pairs(
    tight_x: IntArray, tight_y: IntArray, alias_x: IntArray, alias_y: IntArray, m: int, n: int
) -> IntArray:
    """List the pairs of distinct vertices, the origins apart, whose tight labels cover all, with their components."""
    row_bits, column_bits = (np.int64(1) << m) - 1, (np.int64(1) << n) - 1
    full = (np.int64(1) << (m + n)) - 1
    common = ((tight_y >> n) & row_bits) | ((tight_y & column_bits) << m)
    out, parent = np.empty((16, 4), np.int64), np.empty(16, np.int64)
    root_x, root_y = np.full(len(tight_x), np.int64(-1)), np.full(len(tight_y), np.int64(-1))
    found = 0
    for x in range(1, len(tight_x)):
        if alias_x[x] != x:
            continue
        for y in range(1, len(tight_y)):
            if tight_x[x] | common[y] != full or alias_y[y] != y:
                continue
            if found == len(out):
                out, parent = taller(out, 2 * found), longer(parent, 2 * found)
            out[found, FIRST], out[found, SECOND], parent[found] = x, y, found
            for earlier in (root_x[x], root_y[y]):
                if earlier >= 0:
                    parent[top(parent, found)] = top(parent, earlier)
            root_x[x], root_y[y] = found, found
            found += 1
    for pair in range(found):
        out[pair, COMPONENT] = top(parent, pair)
    return out[:found]


@njit(nogil=True, cache=True)
def top(parent: IntArray, node: int) -> int:
    """The representative of ``node``, shortening the path on the way."""
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node


@njit(nogil=True, cache=True)
def longer(array: NDArray[Number], room: int) -> NDArray[Number]:
    """The same numbers at the start of a longer array."""
    grown = np.empty(room, array.dtype)
    grown[: len(array)] = array
    return grown


@njit(nogil=True, cache=True)
def taller(array: NDArray[Number], room: int) -> NDArray[Number]:
    """The same rows at the top of a taller array."""
    grown = np.empty((room, array.shape[1]), array.dtype)
    grown[: len(array)] = array
    return grown
