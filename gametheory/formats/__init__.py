"""How do games travel between this toolkit and other programs?

Gambit's ``.nfg``, ``.agg`` and ``.efg`` files are read and written without losing a digit, and a two-player game can be
handed to nashpy and taken back. None of it needs Gambit.
"""

from gametheory.formats.agg_reading import parse_agg
from gametheory.formats.agg_writing import format_agg
from gametheory.formats.efg_reading import parse_efg
from gametheory.formats.efg_writing import format_efg
from gametheory.formats.files import read_game, write_atomically, write_game
from gametheory.formats.nashpy_games import from_nashpy, to_nashpy
from gametheory.formats.reading import parse_nfg
from gametheory.formats.writing import format_nfg

__all__ = [
    "format_agg",
    "format_efg",
    "format_nfg",
    "from_nashpy",
    "parse_agg",
    "parse_efg",
    "parse_nfg",
    "read_game",
    "to_nashpy",
    "write_atomically",
    "write_game",
]
