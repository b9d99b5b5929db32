"""How do a page and its frames reach the disk, whole or not at all, and with the same bytes every time?"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gametheory.errors import InputError
from gametheory.formats import write_atomically

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["write_frames"]

# A spreadsheet takes a cell that starts like this for a formula and may run it.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_frames(frames: Mapping[str, Sequence[pd.DataFrame]], folder: Path) -> None:
    """Write every frame as ``<name>.csv`` and ``<name>.parquet``.

    Frames of one name and the same columns are joined; others are numbered ``<name>_2`` and so on. Raises InputError
    for a name that is no plain word.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, parts in frames.items():
        if not re.fullmatch(r"\w+", name):
            raise InputError(f"frames: name {name!r}, expected letters, digits and underscores")
        for number, frame in enumerate(_joined(parts), start=1):
            stem = name if number == 1 else f"{name}_{number}"
            write_atomically(folder / f"{stem}.csv", _csv(frame))
            write_atomically(folder / f"{stem}.parquet", _parquet(frame))


def _joined(parts: Sequence[pd.DataFrame]) -> list[pd.DataFrame]:
    """One frame where all have the same columns and say which order they are of, else the frames as they are."""
    import pandas as pd

    if len(parts) == 1 or any(list(part.columns) != list(parts[0].columns) for part in parts):
        return list(parts)
    if "order" not in parts[0].columns:
        if not all("order" in part.attrs for part in parts):
            return list(parts)
        parts = [part.assign(order=part.attrs["order"]) for part in parts]
    return [pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)]


def _csv(frame: pd.DataFrame) -> bytes:
    """The frame as CSV, with texts that a spreadsheet would run made harmless."""
    plain = frame.copy()
    for column in plain.columns:
        if plain[column].dtype.kind not in "biufc":
            plain[column] = plain[column].map(_cell)
    plain.columns = [_cell(str(column)) for column in plain.columns]
    return str(plain.to_csv(index=False, lineterminator="\n")).encode()


def _cell(value: Any) -> Any:
    """A cell as plain data: tuples joined by bars, formula starts behind an apostrophe.

    >>> _cell("=HYPERLINK(1)"), _cell(("a, b", "c, d")), _cell(-1.5)
    ("'=HYPERLINK(1)", 'a, b | c, d', -1.5)
    """
    text = " | ".join(map(str, value)) if isinstance(value, tuple | list) else value
    return f"'{text}" if isinstance(text, str) and text.startswith(FORMULA_STARTS) else text


def _parquet(frame: pd.DataFrame) -> bytes:
    """The frame as Parquet; its attributes travel along as plain data."""
    plain = frame.copy()
    plain.attrs = _plain(dict(frame.attrs))
    buffer = io.BytesIO()
    plain.to_parquet(buffer, index=False)
    return buffer.getvalue()


def _plain(value: Any) -> Any:
    """A value as JSON knows it."""
    if isinstance(value, Mapping):
        return {str(key): _plain(own) for key, own in value.items()}
    if isinstance(value, tuple | list | set | frozenset):
        return [_plain(own) for own in value]
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    return _plain(value.tolist()) if hasattr(value, "tolist") else str(value)
