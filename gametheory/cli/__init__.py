"""What does the command ``gametheory`` do, and with which exit code does it end?

0: done. 1: done, but a check failed. 2: bad use or a bad file. 3: could not compute. 130: interrupted.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import warnings
from typing import TextIO

from gametheory.errors import ComputationError, GameTheoryError

__all__ = ["main"]

BAD_INPUT, NOT_COMPUTED, INTERRUPTED = 2, 3, 130
GRACE = 3.0  # seconds for an orderly end


def main() -> None:
    """Run the command line; every error that was foreseen ends in a sentence on standard error, not in a traceback."""
    from gametheory.cli.app import app

    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # matrices are tiny here; read when NumPy loads
    warnings.showwarning = _show_warning
    before = signal.signal(signal.SIGINT, _interrupt)
    try:
        app(prog_name="gametheory")
    except SystemExit as end:
        if end.code == INTERRUPTED:
            _leave()
        raise
    except ComputationError as error:
        _fail(str(error), NOT_COMPUTED)
    except GameTheoryError as error:
        _fail(str(error), BAD_INPUT)
    except MemoryError:
        _fail("not enough memory; try fewer samples or a smaller game", NOT_COMPUTED)
    except OSError as error:
        _fail(f"{error.filename or 'file'}: {error.strerror or error}", NOT_COMPUTED)
    finally:
        signal.signal(signal.SIGINT, before)


def _interrupt(*_: object) -> None:
    """Stop what is under way; if that is swallowed somewhere, or takes too long, leave all the same."""
    last_resort = threading.Timer(GRACE, _leave)
    last_resort.daemon = True
    last_resort.start()
    raise KeyboardInterrupt


def _leave() -> None:
    """End at once: nothing is half written, and threads may still be at work."""
    sys.stderr.write("interrupted\n")
    sys.stderr.flush()
    os._exit(INTERRUPTED)


def _fail(message: str, code: int) -> None:
    """Say what went wrong and end; a list of problems already names its files."""
    sys.stderr.write(message + "\n" if ": error: " in message else f"error: {message}\n")
    raise SystemExit(code)


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """One line on standard error instead of a place in our own code."""
    del category, filename, lineno, file, line
    sys.stderr.write(f"warning: {message}\n")
