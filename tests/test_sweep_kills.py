"""Do twenty sudden ends, at any moment, leave a run that comes out as if nothing had happened? On Dask as well?"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from gametheory.errors import ComputationError, InputError
from gametheory.sweeps import cluster, sweep
from tests.sweeping import (
    PATIENCE,
    SMALL,
    chicken,
    contents,
    finished,
    kill_group,
    lines,
    started,
    wait_for_lines,
)

BLOCKS = 120
SAMPLES = BLOCKS * SMALL - 100
MOMENT = 0.05  # seconds, the time of a few blocks: the end comes in the midst of one, or of what keeps it
START = 1.5  # seconds, in which a run looks at its folder and begins


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of an undisturbed run."""
    folder = tmp_path_factory.mktemp("whole")
    sweep(chicken(), samples=SAMPLES, block=SMALL, out=folder)
    return contents(folder)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "chicken.yaml"
    path.write_text(chicken().text)
    return path


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Dask scheduler with two worker processes, which are started again when they die."""
    folder = tmp_path_factory.mktemp("dask")
    file = folder / "scheduler.json"
    shared = ["--scheduler-file", str(file), "--no-dashboard"]
    commands = [
        ["scheduler", "--host", "127.0.0.1", "--port", "0", *shared],
        ["worker", "--nworkers", "2", "--nthreads", "1", "--local-directory", str(folder), *shared],
    ]
    log = (folder / "log").open("w")
    processes = [
        subprocess.Popen([sys.executable, "-m", "dask", *words], stdout=log, stderr=log, start_new_session=True)
        for words in commands
    ]
    try:
        until = time.monotonic() + PATIENCE
        while not file.exists() and time.monotonic() < until:
            time.sleep(0.05)
        address: str = json.loads(file.read_text())["address"]
        yield address
    finally:
        for process in processes:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        log.close()


def disturbed(folder: Path, model: Path, kills: int, *how: object) -> int:
    """Kill a run again and again, at moments drawn from a seed, and then let it finish; how many were cut off."""
    random = np.random.default_rng(kills)
    cut_off = 0
    for number in range(kills):
        process = started(folder, model, "--samples", SAMPLES, *how)
        starting = number % 4 == 3
        if not starting:
            wait_for_lines(folder, lines(folder) + int(random.integers(0, 2 * BLOCKS // (3 * kills) + 1)), process)
        time.sleep(random.random() * (START if starting else MOMENT))
        cut_off += process.poll() is None
        kill_group(process)
    return cut_off


def test_a_run_that_was_killed_comes_out_the_same(tmp_path: Path, model: Path, whole: dict[str, bytes]) -> None:
    assert disturbed(tmp_path / "run", model, 1)
    assert 0 < lines(tmp_path / "run") < BLOCKS
    sweep(chicken(), samples=SAMPLES, block=SMALL, out=tmp_path / "run", note=str)
    assert contents(tmp_path / "run") == whole


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_twenty_sudden_ends_leave_no_trace(workers: int, tmp_path: Path, model: Path, whole: dict[str, bytes]) -> None:
    assert disturbed(tmp_path / "run", model, 20, "--workers", workers) >= 10
    assert finished(started(tmp_path / "run", model, "--samples", SAMPLES, "--workers", workers))[0] == 0
    assert contents(tmp_path / "run") == whole


@pytest.mark.slow
def test_twenty_sudden_ends_on_dask_leave_no_trace(
    tmp_path: Path, model: Path, whole: dict[str, bytes], scheduler: str
) -> None:
    assert disturbed(tmp_path / "run", model, 20, "--dask", scheduler) >= 10
    assert finished(started(tmp_path / "run", model, "--samples", SAMPLES, "--dask", scheduler))[0] == 0
    assert contents(tmp_path / "run") == whole


@pytest.mark.parametrize("kills", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_dask_makes_the_same_bytes_though_a_worker_is_killed(
    kills: int, tmp_path: Path, whole: dict[str, bytes], scheduler: str
) -> None:
    killed: list[int] = []

    def kill_a_worker(done: int, total: int) -> None:
        if done and len(killed) < kills:
            client = executor._client  # type: ignore[attr-defined]  # to learn who the workers are
            killed.append(next(iter(client.run(os.getpid).values())))
            os.kill(killed[0], signal.SIGKILL)

    with cluster(scheduler) as (executor, threads):
        sweep(
            chicken(),
            samples=SAMPLES,
            block=SMALL,
            out=tmp_path / "run",
            executor=executor,
            workers=2,
            progress=kill_a_worker,
        )

    assert len(killed) == kills
    assert threads in {1, 2}
    assert contents(tmp_path / "run") == whole


def test_a_cluster_that_is_not_there_is_told() -> None:
    with pytest.raises(InputError, match="'nonsense' is no address of a scheduler"), cluster("nonsense"):
        pass


@pytest.mark.slow
def test_a_scheduler_that_does_not_answer_is_told() -> None:
    told = "no Dask scheduler answers at 'tcp://127.0.0.1:9'"
    with pytest.raises(ComputationError, match=told), cluster("tcp://127.0.0.1:9"):
        pass


@pytest.mark.parametrize("workers", [pytest.param(1, marks=pytest.mark.slow), 2])
def test_an_interrupted_command_says_how_to_go_on(
    workers: int, tmp_path: Path, model: Path, whole: dict[str, bytes]
) -> None:
    process = started(tmp_path / "run", model, "--samples", SAMPLES, "--workers", workers)
    wait_for_lines(tmp_path / "run", 2, process)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the workers as well
    code, out, err = finished(process)

    assert code == 130
    assert not out
    assert "blocks are saved in" in err
    assert "the same command goes on from there" in err
    assert "Traceback" not in err
    sweep(chicken(), samples=SAMPLES, block=SMALL, out=tmp_path / "run")
    assert contents(tmp_path / "run") == whole


@pytest.mark.slow
def test_workers_end_with_the_engine_that_started_them(tmp_path: Path, model: Path) -> None:
    process = started(tmp_path / "run", model, "--samples", 10 * SAMPLES, "--workers", 2)
    wait_for_lines(tmp_path / "run", 2, process)
    os.kill(process.pid, signal.SIGKILL)  # it alone
    process.communicate(timeout=PATIENCE)  # ends when the last who holds its pipes is gone
