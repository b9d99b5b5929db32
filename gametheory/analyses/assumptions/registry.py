"""Which families of alternative assumptions are there, and which alternatives does each have for a claim?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from gametheory.analyses.assumptions.attitudes import attitudes
from gametheory.analyses.assumptions.concepts import concepts
from gametheory.analyses.assumptions.observation import noisy_observation
from gametheory.analyses.assumptions.orders import other_orders
from gametheory.analyses.assumptions.perception import perceptions

if TYPE_CHECKING:
    from gametheory.analyses.assumptions.kinds import Alternative
    from gametheory.model import Claim, Model

__all__ = ["ALTERNATIVES"]

# A family's name, and the function of its file that lists its alternatives for a claim. A family that has nothing to
# say of a claim (nothing is observed in simultaneous play) gives none.
ALTERNATIVES: Mapping[str, Callable[[Model, Claim], Sequence[Alternative]]] = MappingProxyType(
    {
        "order of play": other_orders,
        "observation": noisy_observation,
        "concept": concepts,
        "risk attitude": attitudes,
        "perception": perceptions,
    }
)
