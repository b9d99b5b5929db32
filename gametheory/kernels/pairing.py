"""Which pairs of vertices are extreme equilibria, which components do they form, and what is the index of each?

A pair of vertices of the two best-response polytopes, the origins apart, is an extreme equilibrium when its tight
labels together cover every action of both players; every equilibrium is a mixture of extreme ones. Two extreme
equilibria lie in one component when a chain of pairs with a common vertex joins them. The pairs of lexicographic bases
with exactly complementary labels are the equilibria of a nearby game without ties: their indices sum to 1, and summed
over the pairs that fall into one component they are the index of that component (Shapley 1974; Avis, Rosenberg, Savani
and von Stengel 2010).
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from gametheory.kernels.polytopes import find, sign_of_support, tight_labels
from gametheory.kernels.scratch import Scratch

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Pairs = tuple[IntArray, IntArray, IntArray, IntArray, int, bool]  # x and y vertices, components, indices, count, tied


@njit(nogil=True, cache=True)
def make_pairs(room: int) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Memory for the pairs of a game without ties, numbered as its components are."""
    return np.empty(room, np.int64), np.empty(room, np.int64), np.arange(room), np.empty(room, np.int64)


@njit(nogil=True, cache=True)
def pair_vertices(
    scratch_x: Scratch,
    scratch_y: Scratch,
    count_x: int,
    count_y: int,
    m: int,
    n: int,
    memory: tuple[IntArray, IntArray, IntArray, IntArray],
    target: IntArray,
) -> Pairs:
    """Pair the vertices of both polytopes; the arrays are at least as long as the count that comes with them."""
    first, second, component, sign = memory
    found = 0
    surplus_x = tight_labels(scratch_x[0], scratch_x[1], scratch_x[3], scratch_x[5], count_x, n, m)
    surplus_y = tight_labels(scratch_y[0], scratch_y[1], scratch_y[3], scratch_y[5], count_y, m, n)
    row_bits, column_bits = (np.int64(1) << m) - 1, (np.int64(1) << n) - 1
    full = (np.int64(1) << (m + n)) - 1
    for x in range(1, count_x):
        wanted = full ^ scratch_x[3][x]
        mask = ((wanted >> m) & column_bits) | ((wanted & row_bits) << n)
        y = np.int64(scratch_y[4][find(scratch_y[3], scratch_y[4], mask)])
        if y > 0:
            first[found], second[found] = x, y
            sign[found] = index_of(scratch_x, scratch_y, x, y, m, n, target)
            found += 1
    if not (surplus_x or surplus_y):
        return first, second, component, sign, found, False
    pairs: Pairs = tied_pairs(scratch_x[5], scratch_y[5], count_x, count_y, m, n, first[:found], second[:found], sign)
    return pairs


@njit(nogil=True, cache=True)
def index_of(scratch_x: Scratch, scratch_y: Scratch, x: int, y: int, m: int, n: int, target: IntArray) -> int:
    """Index of an equilibrium of the perturbed game: the sign of both determinants, turned for even supports."""
    replies_x = (scratch_x[3][x] >> m) & ((np.int64(1) << n) - 1)
    replies_y = (scratch_y[3][y] >> n) & ((np.int64(1) << m) - 1)
    sign = int(sign_of_support(scratch_x[1], x, replies_x, n, m, target))
    sign *= sign_of_support(scratch_y[1], y, replies_y, m, n, target)
    for action in range(m):
        if not (scratch_x[3][x] >> action) & 1:
            sign = -sign
    return int(-sign)


@njit(nogil=True, cache=True)
def tied_pairs(
    tight_x: IntArray,
    tight_y: IntArray,
    count_x: int,
    count_y: int,
    m: int,
    n: int,
    first: IntArray,
    second: IntArray,
    sign: IntArray,
) -> Pairs:
    """The pairs of a tied game: every pair of distinct vertices that covers all labels, in components.

    ``first``, ``second`` and ``sign`` are the equilibria of the perturbed game, whose indices are handed to the
    components that their limits lie in.
    """
    alias_x, alias_y = same_vertex(tight_x, count_x), same_vertex(tight_y, count_y)
    extreme_x, extreme_y, component = extreme_pairs(tight_x, tight_y, alias_x, alias_y, count_x, count_y, m, n)
    total = np.zeros(len(extreme_x), np.int64)
    for k in range(len(first)):
        for pair in range(len(extreme_x)):
            if extreme_x[pair] == alias_x[first[k]] and extreme_y[pair] == alias_y[second[k]]:
                total[component[pair]] += sign[k]
                break
    index = np.empty(len(extreme_x), np.int64)
    for pair in range(len(extreme_x)):
        index[pair] = total[component[pair]]
    return extreme_x, extreme_y, component, index, len(extreme_x), True


@njit(nogil=True, cache=True)
def same_vertex(tight: IntArray, count: int) -> IntArray:
    """The first vertex with the same tight labels: a vertex is the only point at which they are all tight."""
    alias = np.empty(count, np.int64)
    order = np.argsort(tight[:count], kind="mergesort")
    leader = order[0]
    for vertex in order:
        if tight[vertex] != tight[leader]:
            leader = vertex
        alias[vertex] = leader
    return alias


@njit(nogil=True, cache=True)
def extreme_pairs(
    tight_x: IntArray,
    tight_y: IntArray,
    alias_x: IntArray,
    alias_y: IntArray,
    count_x: int,
    count_y: int,
    m: int,
    n: int,
) -> tuple[IntArray, IntArray, IntArray]:
    """Every pair of distinct vertices, the origins apart, whose tight labels cover all, with its component's number."""
    row_bits, column_bits = (np.int64(1) << m) - 1, (np.int64(1) << n) - 1
    full = (np.int64(1) << (m + n)) - 1
    common = np.empty(count_y, np.int64)
    for y in range(count_y):
        common[y] = ((tight_y[y] >> n) & row_bits) | ((tight_y[y] & column_bits) << m)
    first, second, parent = np.empty(16, np.int64), np.empty(16, np.int64), np.empty(16, np.int64)
    root_x, root_y = np.full(count_x, np.int64(-1)), np.full(count_y, np.int64(-1))
    found = 0
    for x in range(1, count_x):
        if alias_x[x] != x:
            continue
        for y in range(1, count_y):
            if tight_x[x] | common[y] != full or alias_y[y] != y:
                continue
            if found == len(first):
                first, second, parent = longer(first, 2 * found), longer(second, 2 * found), longer(parent, 2 * found)
            first[found], second[found], parent[found] = x, y, found
            for earlier in (root_x[x], root_y[y]):
                if earlier >= 0:
                    parent[top(parent, found)] = top(parent, earlier)
            root_x[x], root_y[y] = found, found
            found += 1
    component = np.empty(found, np.int64)
    for pair in range(found):
        component[pair] = top(parent, pair)
    return first[:found], second[:found], component


@njit(nogil=True, cache=True)
def top(parent: IntArray, node: int) -> int:
    """The representative of ``node``, shortening the path on the way."""
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node


@njit(nogil=True, cache=True)
def longer(array: IntArray, room: int) -> IntArray:
    """The same numbers at the start of a longer array."""
    grown = np.empty(room, array.dtype)
    grown[: len(array)] = array
    return grown


@njit(nogil=True, cache=True)
def taller(array: FloatArray, room: int) -> FloatArray:
    """The same rows at the top of a taller array."""
    grown = np.empty((room, array.shape[1]))
    grown[: len(array)] = array
    return grown
