"""A plain curve follower for tests: null spaces by singular values, short steps, nothing shared with the package."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
System = Callable[[FloatArray], tuple[FloatArray, FloatArray]]  # point -> (n values, n x (n + 1) derivatives)


def curve(system: System, start: FloatArray, stop: float, *, step: float = 0.02) -> FloatArray:
    """Follow ``system = 0`` from ``start`` until its last coordinate reaches ``stop``; return all points."""
    point, points = start.copy(), [start.copy()]
    ahead = np.zeros(len(start))
    ahead[-1] = 1.0
    length = step
    for _ in range(200_000):
        derivative = system(point)[1]
        null = np.linalg.svd(derivative)[2][-1]
        ahead = null * np.sign(null @ ahead)
        while True:
            trial = point + length * ahead
            for _ in range(8):
                values, derivative = system(trial)
                change = np.linalg.lstsq(derivative, values, rcond=None)[0]
                trial = trial - change
                if np.abs(change).max() < 1e-11:
                    break
            turn = np.linalg.svd(system(trial)[1])[2][-1] @ ahead
            if (np.abs(change).max() < 1e-9 and abs(turn) > 0.995) or length < 1e-9:
                break
            length /= 2
        point = trial
        points.append(point.copy())
        length = min(2 * length, step)
        if point[-1] >= stop:
            return np.array(points)
    raise AssertionError("the curve does not come to its end")


def logit_system(payoffs: Sequence[FloatArray]) -> System:
    """Logit equilibria of two players in log-odds against the first action, the precision last."""
    a, b = payoffs
    m, n = a.shape

    def system(point: FloatArray) -> tuple[FloatArray, FloatArray]:
        odds_x, odds_y, precision = point[: m - 1], point[m - 1 : -1], point[-1]
        x, y = softmax(odds_x), softmax(odds_y)
        gain_x, gain_y = (a[1:] - a[0]) @ y, x @ (b[:, 1:] - b[:, :1])
        values = np.concatenate([odds_x - precision * gain_x, odds_y - precision * gain_y])
        derivative = np.zeros((m + n - 2, m + n - 1))
        derivative[: m - 1, : m - 1] = np.eye(m - 1)
        derivative[m - 1 :, m - 1 : -1] = np.eye(n - 1)
        derivative[: m - 1, m - 1 : -1] = -precision * (a[1:] - a[0]) @ spread(y)
        derivative[m - 1 :, : m - 1] = -precision * (b[:, 1:] - b[:, :1]).T @ spread(x)
        derivative[: m - 1, -1], derivative[m - 1 :, -1] = -gain_x, -gain_y
        return values, derivative

    return system


def tracing_system(payoffs: Sequence[FloatArray], precision: float) -> System:
    """Logit equilibria of the tracing games from the uniform prior, at one precision; time last."""
    a, b = payoffs
    m, n = a.shape

    def system(point: FloatArray) -> tuple[FloatArray, FloatArray]:
        odds_x, odds_y, time = point[: m - 1], point[m - 1 : -1], point[-1]
        x, y = softmax(odds_x), softmax(odds_y)
        rows, columns = precision * (a[1:] - a[0]), precision * (b[:, 1:] - b[:, :1]).T
        values = np.concatenate(
            [odds_x - rows @ (time * y + (1 - time) / n), odds_y - columns @ (time * x + (1 - time) / m)]
        )
        derivative = np.zeros((m + n - 2, m + n - 1))
        derivative[: m - 1, : m - 1] = np.eye(m - 1)
        derivative[m - 1 :, m - 1 : -1] = np.eye(n - 1)
        derivative[: m - 1, m - 1 : -1] = -time * rows @ spread(y)
        derivative[m - 1 :, : m - 1] = -time * columns @ spread(x)
        derivative[: m - 1, -1], derivative[m - 1 :, -1] = -rows @ (y - 1 / n), -columns @ (x - 1 / m)
        return values, derivative

    return system


def softmax(odds: FloatArray) -> FloatArray:
    """Probabilities behind log-odds against the first action."""
    weights = np.exp(np.concatenate([[0.0], odds]) - max(odds.max(initial=0.0), 0.0))
    return np.asarray(weights / weights.sum())


def spread(p: FloatArray) -> FloatArray:
    """Derivatives of the probabilities by the log-odds."""
    return np.asarray((np.diag(p) - np.outer(p, p))[:, 1:])
