"""What does a design look like as a table of points?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gametheory.designs.scheme import scheme
from gametheory.errors import InputError
from gametheory.model import Model
from gametheory.version import __version__

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["design"]


def design(model: Model, kind: str, samples: int, seed: int = 0, **options: Any) -> pd.DataFrame:
    """All points of a design as a frame, one row a point, one column a parameter; kinds and options as in `scheme`.

    The frame can be given to `Model.games`. Its `attrs` tell the model, its digest, the version, the design, how many
    points were `tried` for those `accepted` by the constraints and their ratio `acceptance`, and the largest change
    `repaired` of a rank correlation that no draws could have; for pick-freeze also the `roles` of the rows. Raises
    `InputError` where the constraints leave no point, and what `scheme` raises.
    """
    import pandas as pd

    points = scheme(kind, model, samples, seed, **options)
    parts = [points.drawn(number) for number in range(points.blocks)]
    accepted, tried = sum(part.rows for part in parts), sum(part.tried for part in parts)
    if not accepted:
        message = f"the constraints {', '.join(model.constraints)} leave none of {tried} points"
        remedy = "use a random design, which draws until enough points keep them, or widen them"
        raise InputError(f"{message}; {remedy}")
    columns = {name: np.concatenate([part.points[name] for part in parts]) for name in points.names}
    frame = pd.DataFrame(columns, index=pd.RangeIndex(accepted))
    frame.attrs = {
        "model": model.title,
        "digest": model.digest,
        "version": __version__,
        "design": points.identity,
        "accepted": accepted,
        "tried": tried,
        "acceptance": accepted / tried,
        "repaired": model.joint.repaired,
        "roles": list(points.roles),
    }
    return frame
