"""What is known about a file while it is being checked?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from gametheory.errors import Problem, did_you_mean
from gametheory.model import FORMS
from gametheory.reader.tree import MOST_PROBLEMS, Node, Path, Place

__all__ = ["Draft", "Finding", "counted", "label", "offer", "placed", "spoiled_paths"]

MOST_OFFERED = 12  # names in one sentence


@dataclass(frozen=True)
class Finding:
    """Something wrong at a path: at its value, its key, or a character of its text."""

    path: Path
    message: str
    at_key: bool = False
    offset: int | None = None


@dataclass(frozen=True)
class Draft:
    """A file that was read as YAML, with the paths at which its structure is broken."""

    root: Node
    broken: frozenset[Path] = frozenset()

    @property
    def form(self) -> str:
        """The form of the model; strategic where the file names none that is known."""
        form = self.root.find(("form",)).value
        return form if isinstance(form, str) and form in FORMS else "strategic"

    def sound(self, path: Path) -> bool:
        """Whether a value stands at the path and nothing is wrong with the structure at, above or below it."""
        node = self.root
        for step in path:
            if step not in node.parts:
                return False
            node = node.parts[step]
        return not any(path[: len(other)] == other[: len(path)] for other in self.broken)

    def keys(self, *path: str | int) -> tuple[str, ...]:
        """The keys of the mapping at a path; none where there is no mapping or where it is broken itself."""
        if path in self.broken or any(path[:length] in self.broken for length in range(len(path))):
            return ()
        node = self.root.find(path) if self._exists(path) else None
        return tuple(map(str, node.parts)) if node is not None and node.kind == "mapping" else ()

    def value(self, *path: str | int) -> Any:
        """The plain value at a path, or None where it is missing or broken."""
        return self.root.find(path).plain() if self.sound(path) else None

    def _exists(self, path: Path) -> bool:
        node = self.root
        for step in path:
            if step not in node.parts:
                return False
            node = node.parts[step]
        return True


def spoiled_paths(node: Node, path: Path = ()) -> Iterator[Path]:
    """The paths of values with which a problem was reported while the file was read as YAML."""
    if node.spoiled:
        yield path
    for step, part in node.parts.items():
        yield from spoiled_paths(part, (*path, step))


def label(path: Path) -> str:
    """A path in words: ``parameters.cost.law.values, entry 2``.

    >>> label(("payoffs", "nato", 0, 2))
    'payoffs.nato, row 1, entry 3'
    """
    names = ".".join(step for step in path if isinstance(step, str))
    numbers = [step + 1 for step in path if isinstance(step, int)]
    rows = [f"row {number}" for number in numbers[:-1]]
    entries = [f"entry {number}" for number in numbers[-1:]]
    return ", ".join(filter(None, [names, *rows, *entries]))


def offer(name: str, known: Sequence[str], kinds: str) -> str:
    """The end of a sentence on an unknown name: the nearest known one, or else what is known.

    >>> offer("nto", ["nato", "russia"], "players"), offer("x", ["nato", "russia"], "players")
    ("; did you mean 'nato'?", '; the players are nato, russia')
    """
    listed = ", ".join(known[:MOST_OFFERED]) + (" and more" if len(known) > MOST_OFFERED else "")
    return did_you_mean(name, known) or f"; the {kinds} are {listed or 'none'}"


def counted(count: int, one: str, several: str) -> str:
    """A number with its noun: ``1 entry``, ``2 entries``."""
    return f"{count} {one if count == 1 else several}"


def placed(findings: Iterable[Finding], root: Node, file: str) -> Iterator[Problem]:
    """Findings as problems with their places in the file, each once and no more than anyone reads."""
    seen: set[Finding] = set()
    for finding in findings:
        if finding in seen:
            continue
        seen.add(finding)
        place = _place(finding, root)
        where = label(finding.path)
        if len(seen) > MOST_PROBLEMS:
            yield Problem(file, place.line, place.column, "more problems follow; mend these first")
            return
        yield Problem(file, place.line, place.column, f"{where}: {finding.message}" if where else finding.message)


def _place(finding: Finding, root: Node) -> Place:
    node = root.find(finding.path)
    if finding.offset is not None:
        return node.inside(finding.offset)
    return node.key if finding.at_key and node.key is not None else node.place
