"""What is a section of the page, and what of its frames does every section need?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gametheory.figures.words import sentence_case
from gametheory.report.pictures import Picture
from gametheory.report.tables import Table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Frames", "Section", "noted", "only"]

Frames = Mapping[str, Sequence["pd.DataFrame"]]


@dataclass(frozen=True)
class Section:
    """One section of the page: sentences, then pictures and tables in turn, then notes in small print.

    ``html`` is a table that is already HTML.
    """

    anchor: str
    title: str
    sentences: Sequence[str] = ()
    blocks: Sequence[Picture | Table] = ()
    notes: Sequence[str] = ()
    html: str = ""


def only(frames: Frames, name: str) -> pd.DataFrame | None:
    """The one frame of an analysis; several are joined."""
    parts = frames.get(name, ())
    if len(parts) < 2:
        return parts[0] if parts else None
    import pandas as pd

    joined = pd.concat(parts, ignore_index=True)
    joined.attrs = dict(parts[0].attrs)
    return joined


def noted(*frames: pd.DataFrame | None) -> list[str]:
    """The notes of some frames as sentences, each once."""
    notes = [note for frame in frames if frame is not None for note in frame.attrs.get("notes", ())]
    return [f"{sentence_case(note).rstrip('.')}." for note in dict.fromkeys(notes)]
