"""How are the blocks of a run kept in a folder, so that whatever is wrong with it is seen?

``run.json`` says what is run: its identity, the number of samples and the text of the model. ``blocks.jsonl`` holds a
line for each block that is there, ``block-000000.parquet`` its rows. Files are put in place in one step, the line after
its file. Lines and ``run.json`` carry a checksum of their own, the files theirs in the line; nothing else counts.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from gametheory.errors import ComputationError, InputError
from gametheory.formats import write_atomically
from gametheory.reader import read
from gametheory.sweeps.block import Block
from gametheory.sweeps.plan import Plan, differences, plan_from

__all__ = ["Entry", "Folder", "Memory", "Shelf", "adopted", "stored_plan"]

FORMAT = "gametheory-sweep/1"
RUN, LINES = "run.json", "blocks.jsonl"
OURS = (f".{RUN}.*.tmp", f".{LINES}.*.tmp", ".block-*.parquet.*.tmp")  # what a run that was cut off may leave

Say = Callable[[str], None]
Line = Mapping[str, Any]


class Entry(NamedTuple):
    """A block that is there: its points and rows, the sha256 of its file, and where its line stands."""

    points: int
    rows: int
    sha256: str
    start: int
    size: int


@dataclass(frozen=True, eq=False)
class Memory:
    """Blocks kept in this process."""

    run: str
    identity: Mapping[str, Any]
    entries: dict[int, Entry] = field(default_factory=dict)
    held: dict[int, tuple[Line, bytes]] = field(default_factory=dict)

    def add(self, block: Block, points: int) -> None:
        """Keep a block."""
        self.entries[block.number] = Entry(points, block.rows, block.sha256, 0, 0)
        self.held[block.number] = (_line(self.run, block, points), block.data)

    def line(self, number: int) -> Line:
        """What is told of a block."""
        return self.held[number][0]

    def data(self, number: int) -> bytes:
        """The rows of a block as Parquet."""
        return self.held[number][1]

    def sound(self, number: int) -> bool:
        """Whether the rows of a block are what was worked out."""
        return hashlib.sha256(self.data(number)).hexdigest() == self.entries[number].sha256

    def finish(self) -> None:
        """Nothing is left to do."""

    def __str__(self) -> str:
        return "memory"


@dataclass(frozen=True, eq=False)
class Folder:
    """Blocks kept in a folder; ``entries`` are those of the run whose line is whole, by number."""

    path: Path
    run: str
    identity: Mapping[str, Any]
    entries: dict[int, Entry] = field(default_factory=dict)

    def add(self, block: Block, points: int) -> None:
        """Keep a block: first its file, then, when that is on the disk, its line."""
        if block.data:
            write_atomically(self.file(block.number), block.data)
        text = _sealed(_line(self.run, block, points))
        with (self.path / LINES).open("ab") as lines:
            start = lines.tell()
            lines.write(text)
            lines.flush()
            os.fsync(lines.fileno())
        self.entries[block.number] = Entry(points, block.rows, block.sha256, start, len(text))

    def line(self, number: int) -> Line:
        """What is told of a block; raises ComputationError where its line has changed since it was found."""
        line = _unsealed(self._text(self.entries[number]))
        if line is None:
            raise ComputationError(f"{self.path / LINES}: the line of block {number} has changed; run the sweep again")
        return line

    def data(self, number: int) -> bytes:
        """The rows of a block as Parquet; raises ComputationError where they are not what was written."""
        try:
            data = self.file(number).read_bytes()
        except FileNotFoundError:
            data = b""
        if hashlib.sha256(data).hexdigest() != self.entries[number].sha256:
            message = f"{self.file(number)}: missing, or not what was written"
            raise ComputationError(f"{message}; the same sweep on the same folder computes it again")
        return data

    def sound(self, number: int) -> bool:
        """Whether the file of a block, if it has one, is what was written."""
        empty = hashlib.sha256(b"").hexdigest() == self.entries[number].sha256
        try:
            with self.file(number).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == self.entries[number].sha256
        except FileNotFoundError:
            return empty

    def finish(self) -> None:
        """Bring the lines into the order of the blocks, without those that another has replaced."""
        wanted = [self.entries[number] for number in sorted(self.entries)]
        ends = [0, *(entry.start + entry.size for entry in wanted)]
        whole = ends[-1] == (self.path / LINES).stat().st_size if wanted else False
        if not whole or any(entry.start != end for entry, end in zip(wanted, ends, strict=False)):
            self.rewrite()

    def file(self, number: int) -> Path:
        """Where the rows of a block are."""
        return self.path / f"block-{number:06d}.parquet"

    def rewrite(self) -> None:
        """Write the lines of the known blocks anew, in order."""
        texts = {number: self._text(self.entries[number]) for number in sorted(self.entries)}
        write_atomically(self.path / LINES, b"".join(texts.values()))
        start = 0
        for number, text in texts.items():
            self.entries[number] = self.entries[number]._replace(start=start)
            start += len(text)

    def _text(self, entry: Entry) -> bytes:
        """The line of a block as it is written."""
        with (self.path / LINES).open("rb") as lines:
            lines.seek(entry.start)
            return lines.read(entry.size)

    def __str__(self) -> str:
        return str(self.path)


Shelf = Memory | Folder


def adopted(path: Path, plan: Plan, say: Say) -> tuple[Folder, Plan]:
    """The folder of a run, made or gone on with, and the plan. What is damaged is said and taken out.

    The plan is that of the model as the folder has it: another layout of the file may have other columns first.

    The folder must be locked. Raises InputError where it holds another run, or more of this one than is asked for.
    """
    for pattern in OURS:
        for left in path.glob(pattern):
            left.unlink()
    folder = Folder(path, plan.run, plan.identity)
    stored = _stored(path)
    lines = list(_lines(path / LINES))
    if stored is None:
        if any(line is not None and line["run"] != plan.run for *_, line in lines):
            message = f"{path}: {RUN} is missing or damaged, and the blocks are those of another run"
            raise InputError(f"{message}; name another folder")
        if (path / RUN).exists() or lines:
            say(f"{path / RUN}: missing or damaged; it is written again")
    else:
        _check_same(path, plan, stored)
        if stored["text"] != plan.model.text:
            plan = plan_from(plan.identity, read(stored["text"], str(path / RUN)), plan.scheme.samples)
    if stored is None or stored["samples"] != plan.scheme.samples:
        write_atomically(path / RUN, _sealed(_description(plan), indent=1))
    _take_in(folder, plan, lines, say)
    return folder, plan


def stored_plan(path: Path) -> tuple[Plan, Folder, tuple[int, ...]]:
    """What a folder says of its run, the blocks that are there, and the numbers of those that are not.

    Files are not read, so a block whose file is damaged counts as there. Raises InputError where there is no run, and
    ComputationError where its description is damaged.
    """
    if not (path / RUN).is_file():
        raise InputError(f"{path}: no run there; expected a folder that a sweep has written, with a {RUN}")
    stored = _stored(path)
    if stored is None:
        message = f"{path / RUN}: damaged, its checksum does not fit"
        raise ComputationError(f"{message}; the same sweep on the same folder writes it again")
    model = read(stored["text"], str(path / RUN))
    plan = plan_from(stored["identity"], model, stored["samples"])
    folder = Folder(path, stored["run"], stored["identity"])
    for start, size, line in _lines(path / LINES):
        if line is not None and line["run"] == folder.run:
            folder.entries[line["block"]] = _entry(line, start, size)
    there = {n for n, entry in folder.entries.items() if n < plan.blocks and entry.points == plan.points(n)}
    missing = tuple(number for number in range(plan.blocks) if number not in there)
    for number in set(folder.entries) - there:
        del folder.entries[number]
    return plan, folder, missing


def _check_same(path: Path, plan: Plan, stored: Line) -> None:
    """Refuse a folder of another run, and one that holds more points than are asked for."""
    if stored["run"] != plan.run:
        told = differences(plan.identity, stored["identity"])
        more = ""
        if not plan.scheme.extends and stored["identity"]["design"].get("samples") != plan.scheme.samples:
            more = f" (a {plan.scheme.kind} design of more points does not begin with one of fewer, so it cannot grow)"
        raise InputError(f"{path}: holds another run: {told}{more}; name another folder")
    if stored["samples"] > plan.scheme.samples:
        message = f"{path}: holds {stored['samples']:,} samples of this run, and {plan.scheme.samples:,} are asked for"
        raise InputError(f"{message}; ask for as many or more, or name another folder")


def _take_in(folder: Folder, plan: Plan, lines: list[tuple[int, int, Line | None]], say: Say) -> None:
    """Enter the blocks that are there and whole."""
    damaged = [number for number, (*_, line) in enumerate(lines, start=1) if line is None or line["run"] != folder.run]
    for start, size, line in lines:
        if line is not None and line["run"] == folder.run:
            folder.entries[line["block"]] = _entry(line, start, size)
    for number in damaged:
        say(f"{folder.path / LINES}: line {number} is torn or damaged; its block is computed again if need be")
    for number, entry in sorted(folder.entries.items()):
        if number >= plan.blocks or entry.points != plan.points(number):
            del folder.entries[number]  # the last block of a shorter run
        elif not folder.sound(number):
            del folder.entries[number]
            say(f"{folder.file(number)}: missing, or not what was written; it is computed again")
    if damaged:
        folder.rewrite()


def _description(plan: Plan) -> dict[str, Any]:
    """What `run.json` says."""
    about = {"format": FORMAT, "run": plan.run, "title": plan.model.title, "samples": plan.scheme.samples}
    return {**about, "identity": plan.identity, "text": plan.model.text}


def _stored(path: Path) -> Line | None:
    """What `run.json` says; nothing where it is missing or damaged."""
    try:
        stored = _unsealed((path / RUN).read_bytes())
    except FileNotFoundError:
        return None
    return stored if stored is not None and stored.get("format") == FORMAT else None


def _line(run: str, block: Block, points: int) -> dict[str, Any]:
    """What is told of a block."""
    about = {"run": run, "block": block.number, "points": points, "rows": block.rows, "sha256": block.sha256}
    failed = {"raised": block.raised, "failures": [list(pair) for pair in block.failures]}
    return {**about, **failed, "totals": block.totals}


def _entry(line: Line, start: int, size: int) -> Entry:
    """What is remembered of a line."""
    return Entry(line["points"], line["rows"], line["sha256"], start, size)


def _lines(path: Path) -> Iterator[tuple[int, int, Line | None]]:
    """Place, length and content of every line; nothing as the content of one that is torn or damaged."""
    if not path.exists():
        return
    start = 0
    with path.open("rb") as lines:
        for text in lines:
            yield start, len(text), _unsealed(text) if text.endswith(b"\n") else None
            start += len(text)


def _sealed(content: Line, indent: int | None = None) -> bytes:
    """A JSON text with its own checksum as the last entry, ended by a line break."""
    whole = {**content, "check": _checksum(content)}
    separators = (",", ":") if indent is None else None
    return (json.dumps(whole, separators=separators, indent=indent, ensure_ascii=True) + "\n").encode("ascii")


def _unsealed(text: bytes) -> Line | None:
    """The content of a sealed text, or nothing where it is not what was sealed."""
    try:
        content = json.loads(text)
        check = content.pop("check")
    except (ValueError, KeyError, AttributeError, TypeError):
        return None
    return content if check == _checksum(content) else None


def _checksum(content: Line) -> str:
    """The sha256 of a JSON content."""
    return hashlib.sha256(json.dumps(content, separators=(",", ":"), ensure_ascii=True).encode("ascii")).hexdigest()
