"""Is a damaged, foreign, locked or grown folder of a sweep recognised, and what is done about it?"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gametheory import study
from gametheory.designs import BLOCK
from gametheory.errors import ComputationError, InputError
from gametheory.reader import read
from gametheory.sweeps import block as work, open_run, sweep
from gametheory.sweeps.lock import LOCK, locked
from tests.sweeping import CONSTRAINT, SMALL, chicken, contents

SAMPLES = 5_000  # four whole blocks and a part of one


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of an undisturbed run."""
    return contents(finished(tmp_path_factory.mktemp("whole")))


@pytest.fixture
def folder(tmp_path: Path, whole: dict[str, bytes]) -> Path:
    """A copy of that run, to be damaged."""
    for name, data in whole.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the blocks that are worked out."""
    numbers: list[int] = []
    answer = study.block_answers

    def counted(*arguments: Any) -> Any:
        numbers.append(arguments[-1])
        return answer(*arguments)

    monkeypatch.setattr(work, "block_answers", counted)
    return numbers


def finished(path: Path, samples: int = SAMPLES, note: Callable[[str], None] | None = None, **more: Any) -> Path:
    sweep(chicken(), samples=samples, block=SMALL, out=path, note=note, **more)
    return path


def test_a_finished_run_is_not_worked_out_again(folder: Path, whole: dict[str, bytes], answered: list[int]) -> None:
    finished(folder)

    assert not answered
    assert contents(folder) == whole


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def flipped(data: bytes) -> bytes:
    place = len(data) // 3
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def emptied(data: bytes) -> bytes:
    return data[:0]


def silent(text: str) -> None:
    """Let what is said be."""


@pytest.mark.parametrize("damage", [cut, flipped, emptied])
@pytest.mark.parametrize("name", ["block-000001.parquet", "blocks.jsonl", "run.json"])
def test_damage_is_seen_said_and_mended(
    name: str, damage: Callable[[bytes], bytes], folder: Path, whole: dict[str, bytes], answered: list[int]
) -> None:
    told: list[str] = []
    (folder / name).write_bytes(damage(whole[name]))

    finished(folder, note=told.append)

    assert contents(folder) == whole
    assert len(answered) <= {"block-000001.parquet": 1, "blocks.jsonl": 5, "run.json": 0}[name]
    assert bool(told) == ((name, damage) != ("blocks.jsonl", emptied))  # without lines there is nothing to go by
    assert all(str(folder) in text for text in told)


def test_files_that_are_gone_come_back(folder: Path, whole: dict[str, bytes]) -> None:
    for name in ("run.json", "block-000002.parquet"):
        (folder / name).unlink()

    finished(folder, note=silent)

    assert contents(folder) == whole


def test_what_was_mended_is_warned_of_where_nobody_listens(folder: Path) -> None:
    (folder / "block-000002.parquet").unlink()

    with pytest.warns(RuntimeWarning, match=r"block-000002.parquet: missing, or not what was written"):
        finished(folder)


def test_left_over_pieces_of_a_cut_off_run_are_removed(folder: Path, whole: dict[str, bytes]) -> None:
    for name in (".block-000001.parquet.1f2e3d4c.tmp", ".run.json.1f2e3d4c.tmp", ".blocks.jsonl.00ff00ff.tmp"):
        (folder / name).write_bytes(b"half")
    with (folder / "blocks.jsonl").open("ab") as lines:
        lines.write(whole["blocks.jsonl"][:100])

    finished(folder, note=silent)

    assert contents(folder) == whole


@pytest.mark.parametrize("kind", ["random", "sobol", "pick-freeze"])
def test_a_longer_run_goes_on_where_the_shorter_ended(kind: str, tmp_path: Path, answered: list[int]) -> None:
    finished(tmp_path / "grown", 1_500, scheme=kind)
    before = len(answered)
    finished(tmp_path / "grown", SAMPLES, scheme=kind)
    grown = len(answered) - before
    finished(tmp_path / "whole", SAMPLES, scheme=kind)

    assert contents(tmp_path / "grown") == contents(tmp_path / "whole")
    assert grown < len(answered) - before - grown


def test_a_thinned_design_grows_to_the_same_folder(tmp_path: Path) -> None:
    model = chicken(more=CONSTRAINT)
    for samples in (BLOCK + 100, 3 * BLOCK + 7):
        sweep(model, samples=samples, scheme="sobol", block=BLOCK, out=tmp_path / "grown")
    sweep(model, samples=3 * BLOCK + 7, scheme="sobol", block=BLOCK, out=tmp_path / "whole")

    assert contents(tmp_path / "grown") == contents(tmp_path / "whole")


@pytest.mark.parametrize("kind", ["latin", "grid"])
def test_designs_that_cannot_grow_are_refused_with_the_reason(kind: str, tmp_path: Path) -> None:
    finished(tmp_path, 20, scheme=kind)

    with pytest.raises(InputError, match="a .* design of more points does not begin with one of fewer"):
        finished(tmp_path, 21, scheme=kind)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"seed": 1}, r"design.seed is 0 there and 1 here"),
        ({"orders": ["nato"]}, r"orders is .* there and \['nato'\] here"),
        ({"keep": "totals"}, r"keep is rows there and totals here"),
        ({"scheme": "sobol"}, r"design.kind is random there and sobol here"),
        ({"samples": 4_000}, r"holds 5,000 samples of this run, and 4,000 are asked for"),
    ],
)
def test_the_folder_of_another_run_is_refused_and_left_alone(
    more: dict[str, Any], told: str, folder: Path, whole: dict[str, bytes]
) -> None:
    with pytest.raises(InputError, match=told):
        finished(folder, **more)

    assert contents(folder) == whole


def test_the_folder_of_another_model_or_version_is_refused(
    folder: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = read(chicken().text.replace("high: 0.6", "high: 0.7"))

    with pytest.raises(InputError, match=r"laws.t is uniform on \[0.1, 0.6\] there and uniform on \[0.1, 0.7\] here"):
        sweep(other, samples=SAMPLES, block=SMALL, out=folder)
    monkeypatch.setattr("gametheory.sweeps.plan.versions", lambda: {"numpy": "9.9"})
    with pytest.raises(InputError, match=r"versions.numpy is .* there and 9.9 here"):
        finished(folder)
    with pytest.raises(InputError, match="cannot be worked out alike here: versions"):
        open_run(folder).verify([0])
    assert len(open_run(folder).frame()) == SAMPLES
    assert contents(folder) == whole


def test_blocks_of_another_run_without_its_description_are_not_overwritten(folder: Path) -> None:
    (folder / "run.json").unlink()

    with pytest.raises(InputError, match="the blocks are those of another run"):
        finished(folder, seed=1)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("x")

    with pytest.raises(InputError, match="is a file; expected a folder"):
        finished(tmp_path / "run")


@pytest.mark.parametrize("keep", ["rows", "totals"])
def test_an_opened_run_is_the_run(keep: str, tmp_path: Path) -> None:
    done = sweep(chicken(), samples=SAMPLES, block=SMALL, out=tmp_path, keep=keep)
    opened = open_run(tmp_path)

    assert opened.totals == done.totals
    assert (opened.model, opened.samples, opened.seed, opened.kind) == (done.model, SAMPLES, 0, "random")
    assert opened.verify("all")[["stored", "recomputed"]].all(axis=None)
    if keep == "rows":
        assert opened.frame(inputs=True).equals(done.frame(inputs=True))


def test_opening_what_is_no_run_or_damaged_is_refused(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.raises(InputError, match="no run there"):
        open_run(tmp_path_factory.mktemp("empty"))
    (folder / "block-000001.parquet").write_bytes(b"PAR1")
    with pytest.raises(ComputationError, match="missing, or not what was written"):
        open_run(folder).frame()
    (folder / "blocks.jsonl").write_bytes(flipped((folder / "blocks.jsonl").read_bytes()))
    with pytest.raises(InputError, match="4 of 5 blocks are there"):
        open_run(folder)
    (folder / "run.json").write_bytes(flipped((folder / "run.json").read_bytes()))
    with pytest.raises(ComputationError, match="its checksum does not fit"):
        open_run(folder)


def forged(folder: Path, number: int) -> None:
    """Change one number of a block, and every checksum on the way, as somebody would who wants it to be believed."""
    from pyarrow import parquet

    path = folder / f"block-{number:06d}.parquet"
    table = parquet.read_table(path)
    place = table.column_names.index("nato.risk.upper")
    values = table.column(place).to_numpy().copy()
    values[17] += 1e-9
    parquet.write_table(table.set_column(place, "nato.risk.upper", [values]), path, compression="zstd")
    lines = [json.loads(line) for line in (folder / "blocks.jsonl").read_text().splitlines()]
    line = lines[number]
    line["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    del line["check"]
    line["check"] = hashlib.sha256(json.dumps(line, separators=(",", ":")).encode()).hexdigest()
    (folder / "blocks.jsonl").write_text("".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines))


def test_a_number_changed_together_with_its_checksums_is_found_by_working_it_out_again(folder: Path) -> None:
    forged(folder, 2)
    run = open_run(folder)

    assert run.verify()["stored"].all()
    assert run.verify()["recomputed"].isna().all()
    assert run.verify("all")["recomputed"].tolist() == [True, True, False, True, True]
    assert run.verify([2, 3]).loc[[2, 3], "recomputed"].tolist() == [False, True]


def test_checking_names_the_damaged_and_the_missing_blocks(folder: Path) -> None:
    (folder / "block-000003.parquet").write_bytes(flipped((folder / "block-000003.parquet").read_bytes()))
    lines = (folder / "blocks.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "blocks.jsonl").write_bytes(b"".join(lines[:-1]))

    found = open_run(folder, unfinished=True).verify([4])

    assert found["stored"].tolist() == [True, True, True, False, False]
    assert found["recomputed"].tolist()[4] is False
    with pytest.raises(InputError, match="no block 5; the run has blocks 0 to 4"):
        open_run(folder, unfinished=True).verify([5])
    with pytest.raises(InputError, match="blocks: 'some'"):
        open_run(folder, unfinished=True).verify("some")


def test_two_runs_at_once_in_one_process_do_not_meet(tmp_path: Path) -> None:
    errors: list[str] = []

    def meanwhile(done: int, total: int) -> None:
        with pytest.raises(ComputationError) as error:
            finished(tmp_path)
        errors.append(str(error.value))

    sweep(chicken(), samples=SAMPLES, block=SMALL, out=tmp_path, progress=meanwhile)

    assert errors
    assert set(errors) == {f"{tmp_path}: another run in this process is at work there; wait for it"}


HOLDER = """
import sys
from pathlib import Path
from gametheory.sweeps.lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_lock_names_its_holder_and_ends_with_it(folder: Path, whole: dict[str, bytes]) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(ComputationError, match=f"process {holder.pid} on .* is at work there"):
            finished(folder)
        holder.send_signal(signal.SIGKILL)

    assert (folder / LOCK).exists()  # the dead hold nothing
    finished(folder)
    assert contents(folder) == whole


def test_a_lock_is_free_for_the_next_and_leaves_no_file(tmp_path: Path) -> None:
    for _ in range(2):
        with locked(tmp_path):
            assert str(os.getpid()) in (tmp_path / LOCK).read_text()
    assert not list(tmp_path.iterdir())
