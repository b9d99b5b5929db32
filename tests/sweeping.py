"""A small model for tests of sweeps, how a folder is compared, and the command run as a process of its own."""

from __future__ import annotations

import os
import signal
import struct
import subprocess
import sys
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from gametheory.model import Model
from gametheory.reader import read

HEAD = """
format: gametheory/1
title: Chicken with escalation risk
form: strategic
players:
  nato: {label: NATO, actions: [hold, concede]}
  russia: {label: Russia, actions: [hold, concede]}
parameters:
  p: {value: 0.2, law: {kind: uniform, low: 0, high: 1}, unit: u, meaning: m, source: example, mark: A}
  t: {value: 0.25, law: {kind: LAW, low: 0.1, high: 0.6}, unit: u, meaning: m, source: example, mark: A}
"""
REST = """
payoffs:
  nato: [[-4 * p, 1], [-4 * t, 0]]
  russia: [[-2 * p, -1], [1, 0]]
measures:
  nato_holds: {probability: {nato: [hold]}}
  risk: {expected: p}
claims:
  nato_holds: {text: NATO holds, holds: {order: simultaneous, expect: {nato: [hold]}}}
"""
CONSTRAINT = "constraints:\n  dear: {holds: p >= t, source: example, mark: A}\n"

SMALL = 1_024  # points of a block: quick to make, and many of them
PATIENCE = 120.0  # seconds for a process to do anything at all on a busy machine


def chicken(law: str = "uniform", more: str = "") -> Model:
    """NATO holds against a holding Russia while p < t, Russia while p < 0.5."""
    text = (HEAD.replace("LAW", law) + REST).replace("value: 0.2,", "value: 0.3,") + more
    return read(text)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def started(folder: Path, model: Path, *more: object) -> subprocess.Popen[str]:
    """The command at work, in a process group of its own."""
    words = ["sweep", model, "--out", folder, "--block", SMALL, *more]
    command = [sys.executable, "-m", "gametheory", *map(str, words)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)


def finished(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a process."""
    out, err = process.communicate(timeout=PATIENCE)
    return process.returncode, out, err


def lines(folder: Path) -> int:
    """How many blocks the folder tells of."""
    path = folder / "blocks.jsonl"
    return path.read_bytes().count(b"\n") if path.exists() else 0


def wait_for_lines(folder: Path, count: int, process: subprocess.Popen[Any]) -> None:
    """Wait until so many blocks are there, or the process has ended."""
    until = time.monotonic() + PATIENCE
    while lines(folder) < count and process.poll() is None:
        if time.monotonic() > until:
            raise TimeoutError(f"{folder}: fewer than {count} blocks")
        time.sleep(0.001)


def kill_group(process: subprocess.Popen[str]) -> None:
    """End a process and all that it started, at once."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=PATIENCE)


def half_an_answer(connection: Connection) -> None:
    """A worker that is killed while it writes its answer."""
    connection.recv()
    os.write(connection.fileno(), struct.pack("!i", 1_000_000) + b"the beginning of it")
    os.kill(os.getpid(), signal.SIGKILL)
