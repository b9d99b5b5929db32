"""Are compiled kernels kept where that is possible, and safely somewhere else where it is not?"""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from gametheory import kernels


def test_a_folder_that_can_be_written_is_left_to_the_compiler(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(kernels.VARIABLE, raising=False)
    monkeypatch.setattr(kernels, "cache_folders", lambda: [tmp_path / "not" / "there" / "yet"])

    kernels.find_a_cache()

    assert kernels.VARIABLE not in os.environ


def test_without_one_a_private_folder_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(kernels.VARIABLE, "unset by this test")
    monkeypatch.setattr(kernels, "is_writable", lambda _: False)
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    monkeypatch.delitem(sys.modules, "numba", raising=False)

    kernels.find_a_cache()

    folder = Path(os.environ[kernels.VARIABLE])
    assert folder.parent == tmp_path
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_folder_that_others_can_write_is_not_trusted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    planted = tmp_path / f"gametheory-kernels-{os.getuid()}"
    planted.mkdir()
    planted.chmod(0o777)

    assert kernels.private_folder() != planted


def test_the_first_compilation_is_announced_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    kernels.announce_compilation.cache_clear()
    monkeypatch.setattr(kernels, "cache_folders", lambda: [tmp_path])

    kernels.announce_compilation()
    kernels.announce_compilation()

    assert caplog.messages == [kernels.FIRST_TIME]
    (tmp_path / "equilibria.solve_block-1.nbi").touch()
    kernels.announce_compilation.cache_clear()
    kernels.announce_compilation()
    assert len(caplog.messages) == 1


def test_a_change_of_any_source_drops_all_compiled_kernels(tmp_path: Path) -> None:
    compiled = tmp_path / "__pycache__" / "one.walk-1.nbi"
    (tmp_path / "one.py").write_text("import two")
    (tmp_path / "two.py").write_text("1")
    kernels.drop_stale_kernels(tmp_path)
    compiled.touch()

    kernels.drop_stale_kernels(tmp_path)
    assert compiled.exists()
    (tmp_path / "two.py").write_text("2")
    kernels.drop_stale_kernels(tmp_path)
    assert not compiled.exists()
