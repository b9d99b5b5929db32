"""How is a game file read and written so that a crash never leaves half of one?"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from gametheory.errors import InputError, MissingFileError
from gametheory.formats.agg_reading import parse_agg
from gametheory.formats.agg_writing import format_agg
from gametheory.formats.efg_reading import parse_efg
from gametheory.formats.efg_writing import format_efg
from gametheory.formats.reading import parse_nfg
from gametheory.formats.tokens import Source
from gametheory.formats.writing import format_nfg
from gametheory.games import ExtensiveGames, Games

__all__ = ["read_game", "write_atomically", "write_game"]

ACTION_GRAPHS = (".agg", ".bagg")  # the reader of .agg says why it refuses the other


def read_game(path: str | Path) -> Games | ExtensiveGames:
    """Read a game of any number of players from a Gambit ``.nfg``, ``.agg`` or ``.efg`` file: a batch of one.

    A ``.efg`` file gives an extensive game, the others a strategic one. Of ``.nfg`` both the payoff and the outcome
    form are read; an action-graph game (``.agg``) is written out as a strategic game, its actions named after their
    nodes. ``exact`` keeps the numbers as the file writes them. Raises MissingFileError, or ModelError with the line and
    column of every mistake.
    """
    path = Path(path)
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise MissingFileError(f"no file {str(path)!r}; expected a game file (.nfg, .agg or .efg)") from error
    except IsADirectoryError as error:
        raise InputError(f"{str(path)!r} is a folder; expected a game file (.nfg, .agg or .efg)") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = Source(data[: error.start].decode("utf-8"), str(path))
        message = f"byte {data[error.start]:#04x} is not UTF-8 text; save the file as UTF-8"
        raise before.wrong(len(before.text), message) from error
    if path.suffix.lower() == ".efg":
        return parse_efg(text, str(path))
    parse = parse_agg if path.suffix.lower() in ACTION_GRAPHS else parse_nfg
    return parse(text, str(path))


def write_game(games: Games | ExtensiveGames, path: str | Path) -> None:
    """Write the one game in ``games`` as a ``.nfg``, ``.agg`` or ``.efg`` file, replacing an old one in one step.

    ``read_game`` gives the same game back: payoffs to the last digit and, except from ``.agg``, labels and title. An
    extensive game is written as ``.efg``, or in its reduced strategic form. Raises InputError for a batch of several
    games, payoffs that are not finite or, in ``.agg``, have no finite decimal, or another kind of file.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in (".nfg", ".agg", ".efg"):
        raise InputError(f"cannot write {str(path)!r}; expected a name that ends in .nfg, .agg or .efg")
    try:
        data = _text(games, suffix).encode("utf-8")
    except UnicodeEncodeError as error:
        raise InputError(f"a label holds {error.object[error.start]!r}, which is no Unicode character") from error
    write_atomically(path, data)


def _text(games: Games | ExtensiveGames, suffix: str) -> str:
    """The game in the format of a suffix."""
    if suffix == ".efg":
        if isinstance(games, Games):
            raise InputError("a strategic game has no tree to write; write it as .nfg or .agg")
        return format_efg(games)
    table = games.strategic() if isinstance(games, ExtensiveGames) else games
    return format_nfg(table) if suffix == ".nfg" else format_agg(table)


def write_atomically(path: Path, data: bytes) -> None:
    """Put ``data`` at ``path`` so that a reader, or a crash, meets the old file or the new one and nothing between.

    The data goes to a temporary file beside the target, to the disk, and then under its name. Raises MissingFileError
    where the folder does not exist.
    """
    path = path.resolve()
    if not path.parent.is_dir():
        raise MissingFileError(f"no folder {str(path.parent)!r}; create it first")
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
