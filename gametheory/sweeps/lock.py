"""How is one folder kept to one run at a time, and free again the moment that run is dead?"""

from __future__ import annotations

import fcntl
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gametheory.errors import ComputationError

__all__ = ["LOCK", "locked"]

LOCK = "run.lock"
HELD: set[Path] = set()  # by this process, for which a record lock is no obstacle
GUARD = threading.Lock()


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder; raises ComputationError that says who holds it where another run does.

    The lock is one of the operating system's on the bytes of a file. It ends with the process that took it, however
    that ends, and is not passed on to processes that it starts; so a file left behind by a dead run is no obstacle. It
    is advisory, and as good as the file system's: on one shared by several machines it needs a lock service, which NFS
    has had since version 4.
    """
    path = folder.resolve() / LOCK
    with GUARD:
        if path in HELD:
            raise ComputationError(f"{folder}: another run in this process is at work there; wait for it")
        HELD.add(path)
    try:
        file = _taken(path, folder)
        try:
            os.ftruncate(file, 0)
            os.write(file, f"process {os.getpid()} on {socket.gethostname()}\n".encode())
            yield
        finally:
            path.unlink(missing_ok=True)  # before it is let go: whoever waits for it looks whether it is still there
            os.close(file)
    finally:
        with GUARD:
            HELD.discard(path)


def _taken(path: Path, folder: Path) -> int:
    """The open and locked file at a path."""
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if path.exists() and os.path.samestat(os.fstat(file), path.stat()):
                return file
        except (BlockingIOError, PermissionError) as error:
            holder = os.read(file, 200).decode("utf-8", errors="replace").strip() or "another process"
            os.close(file)
            message = f"{folder}: {holder} is at work there; wait for it, or name another folder"
            raise ComputationError(message) from error
        except OSError as error:
            os.close(file)
            message = f"{folder}: cannot be locked ({error.strerror}); name a folder on another disk"
            raise ComputationError(message) from error
        os.close(file)
