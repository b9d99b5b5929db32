"""Does a sweep answer every point once, the same whoever works, and are its rows and totals those of a study?"""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import tracemalloc
from collections.abc import Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pandas.testing import assert_frame_equal

from gametheory import study
from gametheory.analyses import claims, measure_ranges, multiplicity, outcomes
from gametheory.designs import BLOCK, scheme
from gametheory.errors import ComputationError, InputError, UnknownNameError
from gametheory.reader import load, read
from gametheory.solvers import solve
from gametheory.study import profile_name
from gametheory.sweeps import block as work, open_run, sweep
from tests.sweeping import CONSTRAINT, SMALL, chicken, contents, half_an_answer

SAMPLES = 7_000  # six whole small blocks and a part of one


@pytest.mark.parametrize("kind", ["random", "sobol", "latin"])
def test_the_totals_are_those_of_a_study_of_the_same_points(kind: str) -> None:
    model = load("reference_involvement")

    done = sweep(model, samples=20_000, seed=3, scheme=kind)

    assert done.totals == study.run(model, 20_000, 3, scheme=scheme(kind, model, 20_000, 3)).totals


def test_analyses_take_a_sweep_for_a_study() -> None:
    model = chicken()
    done, run = sweep(model, samples=BLOCK + 5, seed=1), study.run(model, BLOCK + 5, 1)

    for analysis in (outcomes, multiplicity, measure_ranges, claims):
        frame, other = analysis(model, run=done), analysis(model, run=run)
        assert frame.equals(other)
        assert frame.attrs == other.attrs


FORMS = ("power_risk", "crisis_signalling", "unilateral_deterrence", "returning_challenger")


@pytest.mark.parametrize("name", FORMS)
def test_trees_and_equations_are_swept_row_by_row_with_the_shares_of_a_study(name: str, tmp_path: Path) -> None:
    model = load(name)
    done = sweep(model, samples=48, seed=2, out=tmp_path / "run", block=16)
    frame = open_run(tmp_path / "run").frame(inputs=True)

    shares = outcomes(model, samples=48, seed=2)
    for analysis in (
        outcomes,
        measure_ranges,
        claims,
    ):  # sums of parts may differ in the last bit
        assert_frame_equal(analysis(model, run=done), analysis(model, samples=48, seed=2), rtol=1e-9, atol=1e-12)
    for order in done.orders:
        sets = frame[f"{order}.class"].astype(str).map(lambda text: set(text.split(" | ")))
        for row in shares[shares["order"] == order].to_dict("records"):
            alone = sets.map(lambda own, text=row["profile"]: own == {text}).mean()
            assert alone == pytest.approx(row["lower"], abs=1e-12), (order, row["profile"])
    assert done._repr_html_().count("<tr>") > len(done.orders)
    assert set(model.parameters) <= set(frame.columns)


@pytest.mark.parametrize(
    ("name", "smaller"), [("reference_involvement", 1), ("power_risk", 8), ("unilateral_deterrence", 8)]
)
def test_blocks_hold_fewer_points_where_each_takes_longer(name: str, smaller: int) -> None:
    done = sweep(load(name), samples=8, keep="totals")

    assert done.plan.block * smaller == 8 * BLOCK


def test_rows_are_what_solving_each_point_gives() -> None:
    model = load("reference_involvement")
    frame = sweep(model, samples=300, seed=2).frame(inputs=True)
    actions = [player.actions for player in model.players]

    for order in model.orders:
        solutions = solve(model.games(frame[list(model.parameters)]), order=order)
        for game in range(0, 300, 7):
            own = solutions.of(game)
            profiles = {profile_name(own.support(number), actions) for number in range(len(own))}
            assert set(frame[f"{order}.class"].iloc[game].split(" | ")) == profiles
            values = own.strategies[1][:, actions[1].index("nuclear_use")]
            assert frame[f"{order}.nuclear_use.lower"].iloc[game] == pytest.approx(values.min(), abs=1e-12)
            assert frame[f"{order}.nuclear_use.upper"].iloc[game] == pytest.approx(values.max(), abs=1e-12)


def test_rows_add_up_to_the_totals() -> None:
    done = sweep(chicken(), samples=SAMPLES)
    frame = done.frame()

    own = done.totals.orders["simultaneous"]
    assert sorted(frame["simultaneous.class"].value_counts()) == sorted(own.met.values())
    assert (frame["simultaneous.status"] == "solved").all()
    assert float(frame["simultaneous.risk.lower"].mean()) == pytest.approx(own.measures["risk"].mean[0], rel=1e-12)
    assert frame["nato.class"].cat.categories.is_monotonic_increasing
    words = frame["claim:nato_holds"].value_counts()
    assert (
        tuple(int(words.get(word, 0)) for word in ("none", "some", "all", "failed")) == done.totals.claims["nato_holds"]
    )


def test_inputs_are_the_points_of_the_design() -> None:
    done = sweep(chicken(), samples=SAMPLES, seed=9, block=SMALL)

    assert done.frame(["nato.class"], inputs=True)["p"].equals(chicken().sample(SAMPLES, 9)["p"])


def test_intervals_widen_what_is_stored() -> None:
    done = sweep(chicken("interval"), samples=2_000, block=SMALL)
    frame = done.frame(inputs=True)

    assert "t" not in frame
    within = frame["p"] < 0.1  # NATO holds wherever t is, and so does Russia
    assert set(frame.loc[within, "simultaneous.class"]) == {"hold, hold"}
    assert frame.loc[(frame["p"] > 0.11) & (frame["p"] < 0.49), "simultaneous.class"].str.contains(" // ").all()
    assert len(done.totals.orders["simultaneous"].met) == frame["simultaneous.class"].nunique()


@pytest.mark.parametrize("kind", ["random", "sobol", "latin"])
def test_constraints_are_kept_and_counted(kind: str) -> None:
    model = chicken(more=CONSTRAINT)
    done = sweep(model, samples=20_000, scheme=kind, block=BLOCK)
    frame = done.frame(inputs=True)

    assert (frame["p"] >= frame["t"]).all()
    assert len(frame) == done.totals.draws < done.totals.tried
    assert done.totals == study.run(model, 20_000, scheme=scheme(kind, model, 20_000)).totals


def test_a_grid_and_a_pick_freeze_design_can_be_swept() -> None:
    grid = sweep(chicken(), samples=9, scheme="grid", over=["p", "t"], keep="totals")
    pairs = sweep(chicken(), samples=100, scheme="pick-freeze")

    assert grid.totals.draws == 81
    assert len(pairs.frame()) == 400


def test_threads_and_this_process_make_the_same_bytes(tmp_path: Path) -> None:
    sweep(chicken(), samples=SAMPLES, block=SMALL, out=tmp_path / "one")
    with ThreadPoolExecutor(3) as pool:
        sweep(chicken(), samples=SAMPLES, block=SMALL, out=tmp_path / "three", executor=pool, workers=3)

    assert contents(tmp_path / "three") == contents(tmp_path / "one")
    assert set(contents(tmp_path / "one")) == {
        "run.json",
        "blocks.jsonl",
        *(f"block-{n:06d}.parquet" for n in range(7)),
    }


def test_two_processes_one_dying_and_both_interrupted_make_the_same_bytes(tmp_path: Path) -> None:
    killed: list[int] = []
    interrupted: list[int] = []

    def disturb(done: int, total: int) -> None:
        alive = [child.pid or 0 for child in multiprocessing.active_children()]
        children = [own for own in alive if own not in killed]  # one that was killed may be listed until it is gone
        if done and not killed and children:
            killed.append(children[0])
            os.kill(killed[0], signal.SIGKILL)
        elif done >= 8 * SMALL and not interrupted:
            interrupted.extend((*children, os.getpid()))
            for process in interrupted:  # as a terminal does it
                os.kill(process, signal.SIGINT)

    def told(text: str) -> None:
        assert "finishing the blocks under way" in text

    model, samples = chicken(), 6 * SAMPLES
    sweep(model, samples=samples, block=SMALL, out=tmp_path / "one")
    with pytest.raises(KeyboardInterrupt, match="of 42 blocks are saved"):
        sweep(model, samples=samples, block=SMALL, out=tmp_path / "two", workers=2, progress=disturb, note=told)

    assert killed
    assert len(interrupted) >= 2
    sweep(model, samples=samples, block=SMALL, out=tmp_path / "two")
    assert contents(tmp_path / "two") == contents(tmp_path / "one")


class Losing(Executor):
    """Workers who lose one block as often as told, and all who follow are well."""

    def __init__(self, number: int, times: int) -> None:
        self.number, self.times = number, times

    def submit(self, function: Any, /, *arguments: Any, **words: Any) -> Future[Any]:
        future: Future[Any] = Future()
        if arguments[0].number == self.number and self.times:
            self.times -= 1
            future.set_exception(OSError("the worker is gone"))
        else:
            future.set_result(function(*arguments, **words))
        return future


def test_a_lost_block_is_repeated_a_few_times_only(tmp_path: Path) -> None:
    model = chicken()
    sweep(model, samples=SAMPLES, block=SMALL, out=tmp_path / "well")
    sweep(model, samples=SAMPLES, block=SMALL, out=tmp_path / "ill", executor=Losing(3, times=2), workers=1)

    assert contents(tmp_path / "ill") == contents(tmp_path / "well")
    with pytest.raises(ComputationError, match="block 5 could not be finished in 3 attempts .*the worker is gone"):
        sweep(model, samples=SAMPLES, block=SMALL, out=tmp_path / "worse", executor=Losing(5, times=3), workers=1)
    sweep(model, samples=SAMPLES, block=SMALL, out=tmp_path / "worse")
    assert contents(tmp_path / "worse") == contents(tmp_path / "well")


def test_a_process_that_dies_while_it_answers_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gametheory.processes._work", half_an_answer)

    with pytest.raises(ComputationError, match="3 attempts .*a process has died.*under if __name__ == '__main__'"):
        sweep(chicken(), samples=10, block=SMALL, workers=2)
    assert not multiprocessing.active_children()


def test_a_block_that_was_damaged_on_its_way_is_repeated() -> None:
    class Damaging(Losing):
        def submit(self, function: Any, /, *arguments: Any, **words: Any) -> Future[Any]:
            future = super().submit(function, *arguments, **words)
            block, fresh = future.result(), Future[Any]()
            self.times += 1
            fresh.set_result(replace(block, data=block.data[:-1]) if self.times < 3 else block)
            return fresh

    done = sweep(chicken(), samples=SMALL, block=SMALL, executor=Damaging(-1, times=0))

    assert done.frame().equals(sweep(chicken(), samples=SMALL, block=SMALL).frame())


def test_a_point_that_raises_is_found_counted_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = sweep(chicken(), samples=SAMPLES, block=SMALL)
    answer = study.block_answers
    asked: list[int] = []

    def poisoned(model: Any, cover: Any, orders: Any, points: Mapping[str, Any], count: int = 1) -> Any:
        asked.append(count)
        if ((points["p"] > 0.3) & (points["p"] < 0.301)).any():
            raise ZeroDivisionError(f"no such game, at {object()!r}")
        return answer(model, cover, orders, points, count)

    monkeypatch.setattr(work, "block_answers", poisoned)
    done = sweep(chicken(), samples=SAMPLES, block=SMALL)
    monkeypatch.undo()

    frame, before = done.frame(inputs=True), whole.frame(inputs=True)
    bad = (frame["p"] > 0.3) & (frame["p"] < 0.301)
    assert 0 < bad.sum() == done.raised == len(done.failures()) < 20
    assert len(asked) < 7 + 30 * bad.sum()
    assert (frame.loc[bad, "reason"] == "ZeroDivisionError: no such game, at <object object at 0x...>").all()
    assert frame.loc[bad, "simultaneous.risk.lower"].isna().all()
    assert (frame.loc[bad, [f"{order}.status" for order in done.orders]] == "failed").all(axis=None)
    assert (frame.loc[bad, "claim:nato_holds"] == "failed").all()
    assert frame[~bad].astype(object).equals(before[~bad].astype(object))
    assert frame["reason"].notna().sum() == bad.sum()
    assert outcomes(chicken(), run=done).attrs["failed"]["nato"] == pytest.approx(bad.mean())
    assert done.totals.claims["nato_holds"][study.FAILED] == bad.sum()


def test_short_memory_is_no_fault_of_a_point(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def short(*_: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(work, "block_answers", short)

    with pytest.raises(ComputationError, match="memory is short"):
        sweep(chicken(), samples=10, block=SMALL, out=tmp_path / "run")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_finishes_the_block_and_the_same_call_goes_on(number: int, tmp_path: Path) -> None:
    told: list[str] = []
    looks: list[int] = []

    def stop(done: int, total: int) -> None:
        if done >= 2 * SMALL and not looks:
            looks.append(done)
            signal.raise_signal(number)

    sweep(chicken(), samples=SAMPLES, block=SMALL, out=tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt, match=r"[23] of 7 blocks are saved in .*; the same command goes on"):
        sweep(chicken(), samples=SAMPLES, block=SMALL, out=tmp_path / "run", progress=stop, note=told.append)
    with pytest.raises(InputError, match="of 7 blocks are there"):
        open_run(tmp_path / "run")
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    assert told == ["interrupted: finishing the blocks under way (1); once more leaves at once"]

    assert len(open_run(tmp_path / "run", unfinished=True).missing) in {4, 5}
    sweep(chicken(), samples=SAMPLES, block=SMALL, out=tmp_path / "run")
    assert contents(tmp_path / "run") == contents(tmp_path / "whole")


def test_a_second_interrupt_leaves_at_once_and_harms_nothing(tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        if done >= SMALL:
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt) as end:
        sweep(chicken(), samples=SAMPLES, block=SMALL, out=tmp_path / "run", progress=stop)

    assert not str(end.value)
    sweep(chicken(), samples=SAMPLES, block=SMALL, out=tmp_path / "run")
    sweep(chicken(), samples=SAMPLES, block=SMALL, out=tmp_path / "whole")
    assert contents(tmp_path / "run") == contents(tmp_path / "whole")


MEMORY = """
import resource, sys
from gametheory.sweeps import sweep
from tests.sweeping import chicken
peaks = []
for samples in (2**17, 2**20):
    sweep(chicken(), samples=samples, seed=samples, keep=sys.argv[1], out=f"{sys.argv[2]}/{samples}", block=2**15)
    peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
print(peaks[1] / peaks[0])
"""


def test_memory_does_not_grow_with_the_blocks(tmp_path: Path) -> None:
    held: list[int] = []
    sweep(chicken(), samples=SMALL, block=SMALL)  # what is loaded on first use is not counted
    tracemalloc.start()
    try:
        watch = lambda *_: held.append(tracemalloc.get_traced_memory()[0])  # noqa: E731
        sweep(chicken(), samples=2**18, block=2**12, out=tmp_path / "run", progress=watch)
    finally:
        tracemalloc.stop()

    size = sum(map(len, contents(tmp_path / "run").values()))
    early, late = max(held[: len(held) // 4]), max(held[-len(held) // 4 :])
    assert late - early < size / 8


@pytest.mark.slow
def test_the_process_does_not_grow_with_the_samples(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    command = [sys.executable, "-c", MEMORY, "rows", str(tmp_path)]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)

    assert float(ran.stdout) < 1.1  # eight times the samples


@pytest.mark.parametrize(
    ("words", "error", "message"),
    [
        ({"orders": ["nato", "china"]}, UnknownNameError, "no order of play 'china'"),
        ({"orders": []}, InputError, "orders: none given"),
        ({"keep": "all"}, InputError, "keep: 'all', expected one of rows, totals"),
        ({"block": 1_000}, InputError, "block: 1000 points, expected a multiple of 16384"),
        ({"block": BLOCK + 1}, InputError, "expected a multiple"),
        ({"workers": 0}, InputError, "workers: 0"),
        ({"scheme": "halton"}, UnknownNameError, "no design 'halton'"),
        ({"samples": 0}, InputError, "samples: 0"),
        ({"over": ["p"]}, UnknownNameError, "no option 'over'"),
    ],
)
def test_what_cannot_be_run_is_refused(words: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        sweep(chicken(), **{"samples": 10, **words})


def test_small_blocks_are_refused_where_constraints_thin_the_design() -> None:
    with pytest.raises(InputError, match="expected a multiple of 16384$"):
        sweep(chicken(more=CONSTRAINT), samples=10, block=SMALL)


def test_a_model_that_was_changed_after_it_was_read_is_refused() -> None:
    with pytest.raises(InputError, match="is not what its text says"):
        sweep(replace(chicken(), title="Another"), samples=10)


def test_a_worker_with_other_versions_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "versions", lambda: {"numpy": "1.0"})

    with pytest.raises(InputError, match="this worker has numpy 1.0; install the same versions everywhere"):
        sweep(chicken(), samples=10)


def test_a_sweep_shows_itself() -> None:
    done = sweep(chicken(), samples=100, orders=["simultaneous"])

    assert repr(done) == "<Sweep 'Chicken with escalation risk': 100 samples (random), seed 0, in memory; simultaneous>"
    assert ">hold, hold</td>" in done._repr_html_()


def test_rows_that_were_not_kept_or_do_not_exist_are_refused() -> None:
    with pytest.raises(InputError, match="kept totals alone"):
        sweep(chicken(), samples=10, keep="totals").frame()
    with pytest.raises(UnknownNameError, match="no column 'nato.klass'; did you mean 'nato.class'"):
        sweep(chicken(), samples=10).frame(["nato.klass"])


def test_another_comment_is_the_same_run(tmp_path: Path) -> None:
    model = chicken()
    turned = model.text.replace(
        "  nato_holds: {probability: {nato: [hold]}}\n  risk: {expected: p}\n",
        "  risk: {expected: p}\n  nato_holds: {probability: {nato: [hold]}}  # turned round\n",
    )
    assert read(turned) == model != chicken("interval")

    sweep(model, samples=2 * SMALL, block=SMALL, out=tmp_path / "run")
    grown = sweep(read(turned), samples=3 * SMALL, block=SMALL, out=tmp_path / "run")
    sweep(model, samples=3 * SMALL, block=SMALL, out=tmp_path / "whole")

    assert contents(tmp_path / "run") == contents(tmp_path / "whole")
    assert len(grown.frame()) == 3 * SMALL
