"""Is this installation sound: which versions are there, where are things, and does a known answer come out?

Every check is a row, and nothing that is broken keeps the others from being looked at.
"""

from __future__ import annotations

import os
import platform
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, metadata, version
from pathlib import Path
from types import MappingProxyType

from gametheory.errors import ComputationError
from gametheory.markup import tabulated
from gametheory.progress import Asked, shown
from gametheory.version import __version__

__all__ = ["Check", "Checkup", "checkup"]

DISTRIBUTION = "gametheory-escalation"
IN_CLONE = "in a clone of the project,"  # and from no index: the name there may be somebody else's
OK, NOTED, FAILED = "ok", "noted", "failed"
REQUIREMENT = re.compile(
    r"(?P<name>[A-Za-z0-9._-]+)\s*(?:>=(?P<least>[0-9.]+))?[^;]*(?:;\s*extra\s*==\s*['\"](?P<extra>.+)['\"])?"
)
CLOSE = 1e-12  # a probability of the known game may be off by so much
SAMPLES, BLOCK = 512, 128  # of the sweep that is made twice: four blocks, so that two workers both have some


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: ``state`` is ok, noted (nothing to be right or wrong) or failed.

    ``advice`` says what to try, where there is something.
    """

    topic: str
    name: str
    found: str
    state: str
    advice: str = ""


@dataclass(frozen=True)
class Checkup:
    """Everything that was looked at."""

    checks: tuple[Check, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing failed."""
        return all(check.state != FAILED for check in self.checks)

    def rows(self) -> list[dict[str, str]]:
        """The checks as plain rows."""
        return [asdict(finding) for finding in self.checks]

    def _repr_html_(self) -> str:
        """Jupyter's view: every check, and advice where something is wrong."""
        heads = ("topic", "what", "found", "state", "advice")
        rows = [tuple(row.values()) for row in self.rows()]
        return tabulated(f"gametheory {__version__}: {'sound' if self.sound else 'something is wrong'}", heads, rows)


def checkup(*, progress: Asked = None) -> Checkup:
    """Look at versions, places and extras, and solve what is known; takes some seconds, because processes are started.

    Nothing is written but in folders for temporary files, which are removed again. ``progress`` is called with the
    checks done and their number, or True for a bar.
    """
    guarded = []
    with shown(progress, "checking") as report:
        for done, (name, look) in enumerate(LOOKS.items(), start=1):
            guarded.append(_guarded(name, look))
            if report is not None:
                report(done, len(LOOKS))
    return Checkup((*programs(), *packages(), *guarded))


def programs() -> Iterator[Check]:
    """The toolkit, Python and the machine."""
    yield Check("version", "gametheory", __version__, NOTED)
    yield Check("version", "Python", platform.python_version(), NOTED)
    yield Check("version", "machine", f"{platform.platform()}, {os.cpu_count() or 1} processors", NOTED)
    yield Check("place", "package", str(Path(__file__).parent), NOTED)


def packages() -> Iterator[Check]:
    """What the toolkit needs and what it can use, with the versions that are there.

    A package that is missing or too old is a fault, unless it belongs to an extra.
    """
    try:
        required = metadata(DISTRIBUTION).get_all("Requires-Dist") or []
    except PackageNotFoundError:
        advice = f"install it with pip, so that what it needs is known: {IN_CLONE} pip install ."
        yield Check("version", DISTRIBUTION, "not installed as a package", FAILED, advice)
        return
    for text in required:
        if read := REQUIREMENT.match(text):
            yield _package(read["name"], read["least"] or "", read["extra"] or "")


def _package(name: str, least: str, extra: str) -> Check:
    """One package; where it belongs to an extra, it may be missing."""
    topic = f"extra {extra}" if extra else "version"
    advice = f"{IN_CLONE} pip install --upgrade '.{f'[{extra}]' if extra else ''}'"
    try:
        there: str | None = version(name)
    except PackageNotFoundError:
        return Check(topic, name, "not installed", NOTED if extra else FAILED, advice)
    if not there:  # a removal or an installation that broke off leaves a folder without a version
        return Check(topic, name, "installed in part", FAILED, f"pip install --force-reinstall {name}")
    if _numbers(there) < _numbers(least):
        return Check(topic, name, f"{there}, expected {least} or newer", FAILED, advice)
    return Check(topic, name, there, OK)


def _numbers(text: str) -> tuple[int, ...]:
    """The numbers of a version, for comparing.

    >>> _numbers("1.26.4") < _numbers("2.0") <= _numbers("2.0.0rc1")
    True
    """
    return tuple(int(part) for part in re.findall(r"\d+", re.split(r"[a-z+]", text, maxsplit=1)[0]))


def _guarded(name: str, look: Callable[[], Check]) -> Check:
    """What a look finds; whatever it raises is a fault of its own."""
    try:
        return look()
    except Exception as error:  # noqa: BLE001  (anything may be broken here, and that is what is looked for)
        said = f"{type(error).__name__}: {error}".rstrip(": ")
        return Check("self-test", name, said, FAILED, _advice(error))


def _advice(error: Exception) -> str:
    """What to try, by the kind of what was raised."""
    if isinstance(error, ImportError):
        return f"install the package anew: {IN_CLONE} pip install --force-reinstall ."
    if isinstance(error, OSError):
        return "free space on the disk, or name folders that can be written in TMPDIR and NUMBA_CACHE_DIR"
    if isinstance(error, MemoryError):
        return "end other programs, or give this one more memory"
    return ADVICE


def _kernel_cache() -> Check:
    """The folder in which compiled kernels are kept, and how many there are."""
    from gametheory.kernels import cache_folders, is_writable

    folders = [folder for folder in cache_folders() if is_writable(folder)]
    if not folders:
        advice = "name a folder that can be written in NUMBA_CACHE_DIR"
        return Check("place", "kernel cache", "no folder can be written", FAILED, advice)
    kept = list(folders[0].rglob("*.nbc")) if folders[0].is_dir() else []
    size = sum(file.stat().st_size for file in kept) / 2**20
    state = f"{len(kept)} compiled kernels, {size:.1f} MB" if kept else "empty"
    advice = "" if kept else "the first solving compiles for up to half a minute, once"
    return Check("place", "kernel cache", f"{folders[0]}: {state}", OK, advice)


def _catalogue() -> Check:
    """The folder of the catalogue, how many models it holds, and which of them cannot be read."""
    from gametheory.reader import catalogue

    models = catalogue()
    advice = f"the models travel with the package: {IN_CLONE} pip install --force-reinstall ."
    if not models:
        return Check("place", "catalogue", "no models", FAILED, advice)
    found = f"{next(iter(models.values())).parent}: {len(models)} models"
    broken = [path.name for path in models.values() if not _is_readable(path)]
    if broken:
        look = f"see what is wrong with gametheory check FILE, or bring back what was there: {advice}"
        return Check("place", "catalogue", f"{found}, {len(broken)} broken: {', '.join(broken)}", FAILED, look)
    return Check("place", "catalogue", found, OK)


def _is_readable(path: Path) -> bool:
    """Whether a file is a model without a problem."""
    from gametheory.reader import problems

    try:
        return not problems(path.read_text(encoding="utf-8"), path.name)
    except (OSError, UnicodeDecodeError):
        return False


def _known_game() -> Check:
    """A game of which all three equilibria are known as fractions is solved in doubles and in fractions, and proved."""
    from fractions import Fraction

    from gametheory.games import strategic
    from gametheory.solvers import solve

    games = strategic([[[2, 0], [0, 1]], [[1, 0], [0, 2]]], players=["she", "he"])
    known = {(Fraction(0), Fraction(0)), (Fraction(2, 3), Fraction(1, 3)), (Fraction(1), Fraction(1))}
    solutions, exact = solve(games), solve(games, exact=True)
    for solved in (solutions, exact):
        certificate = solved.certificates[0]
        if (certificate.verdict, certificate.found, certificate.index_sum) != ("complete", len(known), 1):
            raise ComputationError(f"a game with three equilibria got {certificate!r}")
    firsts = sorted(zip(*(own[:, 0].tolist() for own in solutions.strategies), strict=True))
    off = max(
        abs(x - float(y))
        for pair, right in zip(firsts, sorted(known), strict=True)
        for x, y in zip(pair, right, strict=True)
    )
    fractions = {tuple(own[0] for own in pair) for pair in exact.exact or ()}
    if off > CLOSE or fractions != known:
        raise ComputationError(f"the equilibria of a known game came out as {firsts!r}, and exactly as {fractions!r}")
    return Check("self-test", "known game", f"three equilibria, complete, off by {off:.1g}; in fractions exact", OK)


def _workers_agree() -> Check:
    """The same sweep by one worker and by two gives the same files."""
    from gametheory.reader import read, starter
    from gametheory.sweeps import sweep

    model = read(starter())
    made = []
    with tempfile.TemporaryDirectory() as folder:
        for workers in (1, 2):
            out = Path(folder) / str(workers)
            sweep(model, samples=SAMPLES, seed=0, out=out, workers=workers, block=BLOCK)
            made.append({file.name: file.read_bytes() for file in out.iterdir() if not file.name.startswith(".")})
    if made[0] != made[1]:
        differ = sorted(name for name in {*made[0], *made[1]} if made[0].get(name) != made[1].get(name))
        raise ComputationError(f"one worker and two made different files: {', '.join(differ)}")
    size = sum(map(len, made[0].values()))
    return Check("self-test", "two workers", f"the same {len(made[0])} files as one, {size:,} bytes", OK)


def _temporary_folder() -> Check:
    """A file can be written for a time, and read again."""
    from gametheory.formats import write_atomically

    with tempfile.TemporaryDirectory() as folder:
        file, data = Path(folder) / "tried", b"written, and read again"
        write_atomically(file, data)
        if file.read_bytes() != data:
            raise ComputationError(f"{folder}: what is read is not what was written")
    return Check("place", "temporary files", f"{tempfile.gettempdir()}: can be written", OK)


ADVICE = "install the package anew; if that does not help, report this with everything that doctor prints"
LOOKS: Mapping[str, Callable[[], Check]] = MappingProxyType(
    {
        "kernel cache": _kernel_cache,
        "catalogue": _catalogue,
        "temporary files": _temporary_folder,
        "known game": _known_game,
        "two workers": _workers_agree,
    }
)
"""What is looked at -> the function that looks; in the order in which it is shown."""
