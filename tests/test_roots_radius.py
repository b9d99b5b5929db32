"""Every root of the catalogue's models is located to a millionth of its bracket, wherever the parameters lie."""

from __future__ import annotations

import numpy as np
import pytest

from gametheory.reader import load
from gametheory.solvers.roots import solve_systems


@pytest.mark.parametrize(("name", "seed"), [("crisis_signalling", 3), ("red_line_learning", 3)])
def test_roots_called_complete_are_located_and_solve_their_equations(name: str, seed: int) -> None:
    model = load(name)
    found = solve_systems(model.systems(model.sample(4000, seed)))

    complete = found.certificates.verdict[found.game] == "complete"
    assert complete.mean() > 0.99
    assert float(np.max(found.radius[complete])) < 1e-6
    assert float(np.max(found.residual[complete])) < 1e-6
