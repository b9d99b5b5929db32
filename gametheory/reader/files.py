"""How does a file, or a name of the catalogue, become a model, and what is said where it cannot?"""

from __future__ import annotations

import os
from collections.abc import Iterator
from difflib import get_close_matches
from itertools import chain
from pathlib import Path

from gametheory.errors import InputError, MissingFileError, ModelError, Problem, UnknownNameError, did_you_mean
from gametheory.model import FORMS, SUPPORTED, Model
from gametheory.reader.analytic import analytic_findings
from gametheory.reader.build import build, value_findings
from gametheory.reader.catalogue import catalogue
from gametheory.reader.checks import meaning_findings
from gametheory.reader.dependence import dependence_findings
from gametheory.reader.draft import Draft, Finding, placed, spoiled_paths
from gametheory.reader.extensive import extensive_findings
from gametheory.reader.formulas import formula_findings
from gametheory.reader.ranks import ranking_findings
from gametheory.reader.structure import structure_findings
from gametheory.reader.tree import LARGEST_TEXT, Node, read_tree

__all__ = ["load", "problems", "read", "starter"]

SUFFIXES = (".yaml", ".yml", ".json")  # YAML 1.2 holds JSON
MOST_LISTED = 5  # files of a folder that the sentence on a missing one names


def load(source: str | os.PathLike[str]) -> Model:
    """The model in a file, or of that name in the catalogue.

    Raises `ModelError` with every problem of the file and its place, `MissingFileError` for a file that is not there
    and `UnknownNameError` for a name that the catalogue does not hold.

    >>> load("reference_involvement").orders
    ('simultaneous', 'nato', 'russia')
    """
    path = Path(source)
    known = catalogue()
    if isinstance(source, str) and source in known and not path.is_file():
        path = known[source]
    elif not path.exists():
        raise _missing(source, path)
    if not path.is_file():
        raise InputError(f"{str(source)!r} is not a file; expected a model such as models/NAME.yaml")
    if path.suffix.lower() in (".nfg", ".agg", ".bagg", ".efg"):
        instead = f"read it with read_game, or on the command line with gametheory solve {source}"
        raise InputError(f"{str(source)!r} is a game file, not a model; {instead}")
    return read(_text(path), str(path))


def read(text: str, file: str = "<text>") -> Model:
    """The model in a text; raises `ModelError` with every problem and its place in `file`."""
    model, wrong = _examine(text, file)
    if model is None:
        raise ModelError(wrong)
    return model


def problems(text: str, file: str = "<text>") -> tuple[Problem, ...]:
    """Everything that is wrong with the text of a model file, in the order of the file; empty where nothing is.

    >>> print(problems("format: gametheory/2", "x.yaml")[0])
    x.yaml:1:1: error: form: is missing; expected what kind of game: ...
    """
    return _examine(text, file)[1]


def starter(form: str = "strategic") -> str:
    """The text of a small commented model of a form to start from; it loads and can be solved.

    Raises `InputError` for a form that there is not.
    """
    if form not in SUPPORTED:
        raise InputError(f"form: {form!r}, expected one of {', '.join(SUPPORTED)}{did_you_mean(form, SUPPORTED)}")
    return (Path(__file__).with_name("starters") / f"{form}.yaml").read_text(encoding="utf-8")


def _examine(text: str, file: str) -> tuple[Model | None, tuple[Problem, ...]]:
    root, wrong = read_tree(text, file)
    if root is None:
        return None, wrong
    wrong = (
        *wrong,
        *placed(_faults(root), root, file),
        *(tuple(_unsupported(root, file)) or _content_problems(root, file)),
    )
    if wrong:
        return None, tuple(sorted(set(wrong)))
    model = build(Draft(root), text, file)
    wrong = tuple(sorted(placed(value_findings(model), root, file)))
    return (None if wrong else model), wrong


def _faults(node: Node, path: tuple[str | int, ...] = ()) -> Iterator[Finding]:
    """The problems with single values that were found while the file was read as YAML."""
    if node.fault:
        yield Finding(path, node.fault)
    for step, part in node.parts.items():
        yield from _faults(part, (*path, step))


def _unsupported(root: Node, file: str) -> Iterator[Problem]:
    """A form that the file format knows but this version cannot solve; the rest of such a file is not judged."""
    form = root.find(("form",)).value
    if form in FORMS and form not in SUPPORTED:
        message = f"form {form!r} is not supported yet; expected {', '.join(SUPPORTED)}"
        yield from placed([Finding(("form",), message)], root, file)


def _content_problems(root: Node, file: str) -> Iterator[Problem]:
    """Problems of structure, and of the meaning of whatever has its structure."""
    structure = list(structure_findings(root))
    draft = Draft(root, frozenset(chain((finding.path for finding in structure), spoiled_paths(root))))
    checks = (meaning_findings, ranking_findings, formula_findings, dependence_findings)
    of_form = (extensive_findings, analytic_findings)
    for findings in (structure, *(check(draft) for check in (*checks, *of_form))):
        yield from placed(findings, root, file)


def _text(path: Path) -> str:
    """The text of a file; `ModelError` where it is too large or no UTF-8."""
    try:
        with path.open("rb") as stream:
            content = stream.read(4 * LARGEST_TEXT + 1)
    except OSError as error:
        raise InputError(f"{str(path)!r} cannot be read: {error.strerror}") from error
    if len(content) > 4 * LARGEST_TEXT:
        raise ModelError([Problem(str(path), 1, 1, f"a file of more than {LARGEST_TEXT} characters")])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].split(b"\n")
        place = (len(before), len(before[-1].decode("utf-8", errors="replace")) + 1)
        message = f"byte {content[error.start]:#04x} is no UTF-8; save the file as UTF-8 text"
        raise ModelError([Problem(str(path), *place, message)]) from error


def _missing(source: str | os.PathLike[str], path: Path) -> MissingFileError | UnknownNameError:
    """What is there instead of a file or a name that is not."""
    known = catalogue()
    if isinstance(source, str) and path.suffix == "" and path.name == source:
        near = did_you_mean(source, known)
        listed = f"; the catalogue holds {', '.join(known) or 'nothing'}"
        return UnknownNameError(f"no model named {source!r}{listed}{near}")
    folder = path.parent
    if not folder.is_dir():
        return MissingFileError(f"no file {str(path)!r}: there is no folder {str(folder)!r}")
    beside = sorted(
        entry.name for entry in folder.iterdir() if entry.suffix.lower() in SUFFIXES and entry.name[:1] != "."
    )
    near = did_you_mean(path.name, beside)
    listed = ", ".join(get_close_matches(path.name, beside, MOST_LISTED, cutoff=0.0))
    if len(beside) > MOST_LISTED:
        listed = f"{len(beside)} model files, nearest in name {listed}"
    return MissingFileError(f"no file {str(path)!r}; {str(folder)!r} holds {listed or 'no model files'}{near}")
