"""What is a section of the page, and what of its frames does every section need?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from gametheory.figures.words import counted, sentence_case
from gametheory.report.grids import Table
from gametheory.report.pictures import Picture

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Frames", "Section", "fewer", "noted", "noted_apart", "only"]

Frames = Mapping[str, Sequence["pd.DataFrame"]]
SHOWN = 4  # sentences of a section that stand open


@dataclass(frozen=True)
class Section:
    """One section of the page: sentences, then pictures and tables in turn, then what the reader may open.

    The first ``shown`` sentences stand open; the others, the blocks of ``rest`` and the ``notes`` on method are folded.
    ``html`` is a table that is already HTML, ``basis`` says on how many draws the shares rest, where these are fewer.
    """

    anchor: str
    title: str
    sentences: Sequence[str] = ()
    blocks: Sequence[Picture | Table] = ()
    notes: Sequence[str] = ()
    html: str = ""
    rest: Sequence[Picture | Table] = ()
    shown: int = SHOWN
    basis: str = ""

    @property
    def lead(self) -> Picture | None:
        """The picture that stands beside the sentences, where there is room for two columns: the first open one."""
        return self.blocks[0] if self.blocks and isinstance(self.blocks[0], Picture) else None

    @property
    def beside(self) -> Sequence[Picture | Table]:
        """The tables beside that picture, below the sentences: those that follow it and are slim enough."""
        following = self.blocks[1:] if self.lead else ()
        return list(takewhile(lambda block: isinstance(block, Table) and block.slim, following))

    @property
    def below(self) -> Sequence[Picture | Table]:
        """The open blocks that take the whole width."""
        return self.blocks[bool(self.lead) + len(self.beside) :]


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


def noted_apart(frames: Sequence[tuple[str, pd.DataFrame]]) -> list[str]:
    """The notes of several frames, each with the name of what it is about: those of one alone say which.

    >>> import pandas as pd
    >>> one, two = pd.DataFrame(), pd.DataFrame()
    >>> one.attrs["notes"], two.attrs["notes"] = ["a grid", "3 points"], ["a grid", "5 points"]
    >>> noted_apart([("when A moves first", one), ("in simultaneous play", two)])
    ['A grid.', 'When A moves first: 3 points.', 'In simultaneous play: 5 points.']
    """
    told: dict[str, list[str]] = {}
    for name, frame in frames:
        told.setdefault(name, []).extend(noted(frame))
    every = [note for notes in told.values() for note in dict.fromkeys(notes)]
    shared = [note for note in dict.fromkeys(every) if every.count(note) > 1]
    single = [(name, note) for name, notes in told.items() for note in dict.fromkeys(notes) if note not in shared]
    return [*shared, *(f"{sentence_case(name)}: {note[:1].lower()}{note[1:]}" for name, note in single)]


def fewer(*frames: pd.DataFrame | None) -> str:
    """On how many draws the shares of some frames rest, of the fewest, and how far off a share of one half may be.

    >>> import pandas as pd
    >>> frame = pd.DataFrame()
    >>> frame.attrs["samples"] = 256
    >>> fewer(frame), fewer(pd.DataFrame())
    ('From 256 draws: a share near one half has a standard error of 3.1 points.', '')
    """
    counts = [int(own.attrs["samples"]) for own in frames if own is not None and own.attrs.get("samples")]
    if not counts:
        return ""
    least = min(counts)
    error = f"a share near one half has a standard error of {50 / least**0.5:.1f} points"
    return f"From {counted(least, 'draw')}: {error}." if least > 1 else "From one point, which tells of no share."
