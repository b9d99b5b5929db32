"""Does starting the toolkit stay cheap? Asking for help or a name must not load a numerical library."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import gametheory

HEAVY = {
    "flint",
    "jinja2",
    "jsonschema",
    "matplotlib",
    "nashpy",
    "numba",
    "numpy",
    "pandas",
    "plotly",
    "pyarrow",
    "scipy",
}

HELP = """
import contextlib, io, sys
from gametheory.cli import main
sys.argv = ["gametheory", "--help"]
with contextlib.redirect_stdout(io.StringIO()) as page, contextlib.suppress(SystemExit):
    main()
assert "analyse" in page.getvalue(), page.getvalue()
"""


def modules_after(code: str, folder: Path) -> set[str]:
    """Top-level names of the modules that a new interpreter holds after running ``code``."""
    report = "import json, sys\nprint(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    run = subprocess.run(
        [sys.executable, "-c", f"{code}\n{report}"], capture_output=True, text=True, check=False, cwd=folder
    )
    assert not run.returncode, run.stderr
    return set(json.loads(run.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("import gametheory", id="import gametheory"),
        pytest.param("import gametheory; dir(gametheory); gametheory.InputError", id="gametheory.InputError"),
        pytest.param(HELP, id="gametheory --help"),
    ],
)
def test_starting_loads_no_numerical_library(code: str, tmp_path: Path) -> None:
    loaded = modules_after(code, tmp_path)

    assert "gametheory" in loaded
    assert not loaded & HEAVY


def test_the_check_sees_a_heavy_import(tmp_path: Path) -> None:
    assert "numpy" in modules_after("import gametheory; gametheory.Games", tmp_path) & HEAVY


def test_every_public_name_is_found_and_listed() -> None:
    listed = dir(gametheory)

    for name in gametheory.__all__:
        assert name in listed
        assert getattr(gametheory, name) is not None


def test_type_checkers_see_the_names_that_users_find() -> None:
    tree = ast.parse(Path(gametheory.__file__).read_text(encoding="utf-8"))
    (block,) = (node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
    imports = [node for node in block.body if isinstance(node, ast.ImportFrom)]
    seen = {alias.asname: f"{node.module}.{alias.name}" for node in imports for alias in node.names}

    found = {name: f"gametheory.{name}" for name in gametheory.MODULES}
    found |= {name: f"gametheory.{room}.{name}" for name, room in gametheory.HOMES.items()}
    assert seen == found


def test_an_unknown_name_is_an_attribute_error_with_a_hint() -> None:
    with pytest.raises(AttributeError, match="no attribute 'slove'; did you mean 'solve'"):
        _ = gametheory.slove  # type: ignore[attr-defined]  # the misspelling is the test
