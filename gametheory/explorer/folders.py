"""Where does a server keep its files, and how does nothing of them stay behind, however the server ends?

Each server has a folder of its own, which it removes when it ends. One that was killed cannot, and the next one does it
in its place. What tells a folder in use from one left behind is a lock, which the system takes back when the
process that holds it is gone, so that no number of a process has to be trusted.
"""

from __future__ import annotations

import os
import shutil
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_ISDIR
from tempfile import TemporaryDirectory
from types import FrameType

__all__ = ["clear_left_behind", "ending_in_order", "own_folder"]

PREFIX, LOCK = "gt-", "in-use"
ENDS = ("SIGINT", "SIGTERM", "SIGHUP")  # Ctrl-C, a polite kill, a terminal that is closed


@contextmanager
def own_folder(root: str) -> Iterator[Path]:
    """A new folder in ``root`` that only this user can enter, marked as in use while it stands."""
    with TemporaryDirectory(prefix=PREFIX, dir=root, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        new = folder / f"{LOCK}-new"
        with new.open("wb") as mark:
            if _lock(mark.fileno()):
                new.rename(folder / LOCK)  # whoever sees the mark finds it locked
            yield folder


def clear_left_behind(root: str) -> list[Path]:
    """Remove this user's folders in ``root`` whose servers are gone, and return them.

    A folder without a mark, of another user, or whose mark is still locked is left alone, and so is all where the
    system knows no locks.
    """
    removed = []
    for folder in Path(root).glob(f"{PREFIX}*"):
        with suppress(OSError):
            if not _ours(folder):
                continue
            with (folder / LOCK).open("rb") as mark:
                if _lock(mark.fileno()):
                    shutil.rmtree(folder)
                    removed.append(folder)
    return removed


@contextmanager
def ending_in_order() -> Iterator[None]:
    """Let each signal that asks to end be a KeyboardInterrupt, so that whatever is open is closed on the way out.

    A signal that was ignored stays so, and outside the main thread, to which signals belong, nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    known = [getattr(signal, name) for name in ENDS if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in known}
    before = {number: handler for number, handler in before.items() if handler is not signal.SIG_IGN}
    for number in before:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)


def _ours(folder: Path) -> bool:
    """Whether a place is a folder of this user, and no link to one."""
    told = folder.lstat()
    return S_ISDIR(told.st_mode) and hasattr(os, "getuid") and told.st_uid == os.getuid()


def _lock(file: int) -> bool:
    """Lock an open file, without waiting; False where another process holds it, or the system knows no locks."""
    try:
        import fcntl
    except ImportError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
