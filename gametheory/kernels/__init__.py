"""Arrays in, arrays out: the arithmetic of games, batch axis first, without any noun of the package.

The compiled kernels are kept on disk between runs. Where neither the package's folder nor the user's cache can be
written, as in many containers, they are kept in a private folder for temporary files instead.
"""

from __future__ import annotations

import hashlib
import logging
import os
import stat
import sys
import tempfile
from functools import cache
from pathlib import Path

__all__ = ["announce_compilation"]

VARIABLE = "NUMBA_CACHE_DIR"
FIRST_TIME = "compiling the solvers for the first time here; this takes up to half a minute, once"


def cache_folders() -> list[Path]:
    """Where the compiler may keep its results: the folder that the user names, beside the code, the user's cache."""
    named = os.environ.get(VARIABLE)
    caches = os.environ.get("XDG_CACHE_HOME") or Path(os.path.expanduser("~")) / ".cache"  # noqa: PTH111  # never raises
    return ([Path(named)] if named else []) + [Path(__file__).parent / "__pycache__", Path(caches) / "numba"]


def is_writable(folder: Path) -> bool:
    """Whether the folder, or the nearest folder above it that exists, can be written."""
    nearest = next((own for own in (folder, *folder.parents) if own.exists()), folder)
    return nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)


def private_folder() -> Path:
    """A folder for temporary files that only this user can write: what lies in it will be run."""
    user = os.getuid() if hasattr(os, "getuid") else 0
    folder = Path(tempfile.gettempdir()) / f"gametheory-kernels-{user}"
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if stat.S_ISDIR(status.st_mode) and status.st_uid == user and not status.st_mode & 0o022:
        return folder
    return Path(tempfile.mkdtemp(prefix="gametheory-kernels-"))


def find_a_cache() -> None:
    """Name a private folder to the compiler where it would find none; it reads the name when it is first imported."""
    if not any(is_writable(folder) for folder in cache_folders()):
        os.environ[VARIABLE] = str(private_folder())
        if "numba" in sys.modules:
            sys.modules["numba"].config.CACHE_DIR = os.environ[VARIABLE]


@cache
def announce_compilation() -> None:
    """Say once, before the first solving, that the kernels must be compiled, if no compiled ones are found."""
    folders = [folder for folder in cache_folders() if folder.is_dir()]
    if not any(True for folder in folders for _ in folder.rglob("equilibria.solve_block-*.nbi")):
        logging.getLogger("gametheory").warning(FIRST_TIME)


def drop_stale_kernels(folder: Path) -> None:
    """Remove compiled kernels that any change of the sources has made stale.

    The compiler looks only at the file of a kernel itself, not at those that it calls.
    """
    compiled = folder / "__pycache__"
    if not is_writable(compiled):
        return
    compiled.mkdir(exist_ok=True)
    sources = hashlib.sha256(b"".join(file.read_bytes() for file in sorted(folder.glob("*.py")))).hexdigest()
    stamp = compiled / "sources.sha256"
    if not stamp.is_file() or stamp.read_text() != sources:
        for file in (*compiled.glob("*.nbi"), *compiled.glob("*.nbc")):
            file.unlink(missing_ok=True)
        stamp.write_text(sources)


drop_stale_kernels(Path(__file__).parent)
find_a_cache()
