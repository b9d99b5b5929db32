"""Which models come with the toolkit, and where are they?"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

__all__ = ["catalogue"]


def catalogue() -> Mapping[str, Path]:
    """The models of the catalogue: name -> file, in the order of the names.

    They travel inside the installed package; in a checkout they stand in ``models/`` beside it.
    """
    package = Path(__file__).resolve().parents[1]
    folders = (package / "models", package.parent / "models")
    folder = next((folder for folder in folders if folder.is_dir()), folders[0])
    return MappingProxyType({path.stem: path for path in sorted(folder.glob("*.yaml"))})
