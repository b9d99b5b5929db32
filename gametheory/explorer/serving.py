"""How is the explorer served as a page, to this computer and to nobody else?

Voila runs a notebook of one line for each visitor. It listens on the loopback alone and asks for a random token; a
request that names another host is refused, so that no page from elsewhere can reach it under a name of its own. Kernels
are spoken to through files in a private folder and not through ports. The pages may load nothing from other places.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from gametheory.errors import ComputationError, InputError
from gametheory.explorer.folders import clear_left_behind, ending_in_order, own_folder
from gametheory.explorer.widget import MISSING

__all__ = ["notebook", "serve"]

LOOPBACK = "127.0.0.1"
KERNEL = "gametheory-explorer"
IDLE = 900  # seconds after which the kernel of a reader who has gone is stopped
# Jupyter pings every 30,000, and asks Tornado for three times as long a patience, which Tornado refuses with a warning
# and cuts to this.
PING = 30_000
TRIES = 50  # ports that are tried
# The path of a socket has at most 107 letters, of which the names of our folder, Voila's and the socket take 78.
LONGEST_ROOT, SHORT_ROOT = 28, "/tmp"  # noqa: S108  (the folder made in it is random and private)
# The page runs scripts of its own; what it may not do is load or send anything elsewhere, or stand in another's frame.
POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; connect-src 'self'; frame-ancestors 'none'; "
    "form-action 'self'; base-uri 'self'"
)


def serve(model: Path, port: int, tell: Callable[[str], None]) -> None:
    """Serve the explorer of a model file until interrupted; ``tell`` gets the address, token included, once it is up.

    ``port`` is the first that is tried. Ctrl-C, SIGTERM and SIGHUP end it in order: its kernels are stopped and its
    folder is removed. Of servers that were killed the folders are removed here, at the start. Raises InputError where
    Voila is not installed, ComputationError where no port can be had.
    """
    try:
        import anywidget  # noqa: F401  (the kernels need it)
        from voila.app import Voila
    except ImportError as error:
        raise InputError(MISSING.format(error.name)) from error
    token = secrets.token_urlsafe(32)
    with suppress(KeyboardInterrupt), ending_in_order(), _private_folder() as folder:
        page = folder / "explorer.ipynb"
        page.write_text(json.dumps(notebook(model)), encoding="utf-8")
        server = Voila.instance(config=_settings(folder, page, port), token=token)
        server.config_file_paths = [str(folder)]  # settings of other servers of the user do not count here
        server.launch_browser = lambda: tell(f"http://{LOOPBACK}:{server.port}/?token={token}")
        server.tornado_settings = {
            "allow_remote_access": False,
            "local_hostnames": ["localhost"],
            "ws_ping_timeout": PING,
            "headers": {"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer"},
        }
        with _no_other_ears():
            server.initialize([])
        try:
            server.start()
        except SystemExit as error:
            raise ComputationError(f"no free port near {port}; name another with --port") from error
        finally:
            Voila.clear_instance()


def notebook(model: Path) -> dict[str, Any]:
    """The notebook that shows the explorer of a model file.

    >>> notebook(Path("a b.yaml"))["cells"][0]["source"].splitlines()[-1]
    'explore(load("a b.yaml"))'
    """
    source = (
        "from gametheory.explorer import explore\nfrom gametheory.reader import load\n"
        f"explore(load({json.dumps(str(model))}))"
    )
    cell: dict[str, Any] = {
        "cell_type": "code",
        "id": "explorer",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": source,
    }
    kernel = {"name": KERNEL, "display_name": "Python", "language": "python"}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": [cell]}


@contextmanager
def _private_folder() -> Iterator[Path]:
    """A folder that only this user can enter, with a kernel of this Python in it; Jupyter's files go there too."""
    root = gettempdir() if len(gettempdir()) <= LONGEST_ROOT else SHORT_ROOT
    clear_left_behind(root)
    with own_folder(root) as folder:
        kernel = folder / "kernels" / KERNEL
        kernel.mkdir(parents=True)
        start = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        written = {"argv": start, "display_name": "Python", "language": "python"}
        (kernel / "kernel.json").write_text(json.dumps(written), encoding="utf-8")
        changed = {
            "JUPYTER_PATH": os.pathsep.join(filter(None, (str(folder), os.environ.get("JUPYTER_PATH")))),
            "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
            "JUPYTER_CONFIG_DIR": str(folder / "config"),
        }
        before = {key: os.environ.get(key) for key in changed}
        os.environ.update(changed)
        try:
            yield folder
        finally:
            for key, value in before.items():
                if value is None:
                    os.environ.pop(key, None)
                else:
                    os.environ[key] = value


@contextmanager
def _no_other_ears() -> Iterator[None]:
    """Take the ear for SIGTERM back from Voila, which is deaf to it until it serves."""
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, before)


def _settings(folder: Path, page: Path, port: int) -> Any:
    """What Voila is told."""
    from traitlets.config import Config

    settings = Config()
    settings.Voila.update(
        ip=LOOPBACK,
        port=port,
        port_retries=TRIES,
        notebook_path=str(page),
        connection_dir_root=str(folder),
        log_level="ERROR",
        identity_provider_class="voila.voila_identity_provider.VoilaIdentityProvider",
    )
    settings.VoilaConfiguration.update(
        theme="light",
        allow_theme_override="NO",
        allow_template_override="NO",
        file_allowlist=[],
        show_tracebacks=False,
        strip_sources=True,
    )
    settings.KernelManager.transport = "ipc"
    settings.MappingKernelManager.update(cull_idle_timeout=IDLE, cull_interval=60)
    return settings
