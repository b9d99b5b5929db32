"""Does the code keep to its plan: imports point downward, no circles, short files, heavy libraries only where used?

Each rule is a function from the parsed package to the sentences that say where it is broken. The rules run over the
real package, and over small made-up packages that break them one at a time.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = "gametheory"
LONGEST_FILE = 400

FLOORS = {
    **dict.fromkeys(("errors", "estimators", "kernels", "machine", "markup", "processes", "progress", "version"), 0),
    **dict.fromkeys(("expressions", "games", "parameters", "solutions", "tree_solutions"), 1),
    **dict.fromkeys(("certify", "solvers"), 2),
    **dict.fromkeys(("formats", "model", "reader"), 3),
    **dict.fromkeys(("designs", "measures", "study", "sweeps"), 4),
    **dict.fromkeys(("analyses",), 5),
    **dict.fromkeys(("checkup", "comparison", "explorer", "figures", "records", "report"), 6),
    **dict.fromkeys(("__main__", "cli"), 7),
}
HEAVY = {
    "anywidget",
    "dask",
    "distributed",
    "flint",
    "ipywidgets",
    "jinja2",
    "matplotlib",
    "nashpy",
    "numba",
    "traitlets",
    "voila",
    "pandas",
    "plotly",
    "pyarrow",
    "scipy",
    "sklearn",
}
WITHOUT_NUMPY = {"__init__", "__main__", "cli", "errors", "version"}
PICKLES = {"cloudpickle", "dill", "joblib", "marshal", "pickle", "shelve"}
PICKLING = {"read_pickle", "to_pickle"}
RUNS_TEXT = {"__import__", "compile", "eval", "exec"}


@dataclass(frozen=True)
class Import:
    """One import: the module it leads to, its line, and whether it runs when the file is imported."""

    target: str
    line: int
    at_top: bool


@dataclass(frozen=True)
class Module:
    """One parsed file of the package."""

    name: str
    path: Path
    tree: ast.Module
    lines: int
    imports: tuple[Import, ...]

    @property
    def room(self) -> str:
        """The part of the house that the file belongs to; the package's own ``__init__`` is one by itself."""
        return self.name.split(".")[1] if "." in self.name else "__init__"

    def at(self, line: int, sentence: str) -> str:
        """Name the place of a breach."""
        return f"{self.path.as_posix()}:{line}: {sentence}"


House = Mapping[str, Module]


def read_house(folder: Path) -> House:
    """Parse every file under ``folder``, which is the package; keys are dotted names."""
    files = {dotted(path, folder): path for path in sorted(folder.rglob("*.py"))}
    modules = {}
    for name, path in files.items():
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text, filename=str(path))
        package = name if path.stem == "__init__" else name.rpartition(".")[0]
        imports = tuple(find_imports(tree.body, package, files, at_top=True))
        modules[name] = Module(name, path.relative_to(folder.parent), tree, len(text.splitlines()), imports)
    return modules


def dotted(path: Path, folder: Path) -> str:
    parts = path.relative_to(folder).with_suffix("").parts
    return ".".join((PACKAGE, *(parts[:-1] if path.stem == "__init__" else parts)))


def find_imports(nodes: list[ast.stmt], package: str, files: Mapping[str, Path], *, at_top: bool) -> Iterator[Import]:
    """All imports of a file: those inside functions and those for type checkers do not run at the top."""
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                bound = alias.name if alias.asname or not alias.name.startswith(f"{PACKAGE}.") else PACKAGE
                yield Import(bound, node.lineno, at_top)
        elif isinstance(node, ast.ImportFrom):
            base = absolute(node, package)
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                yield Import(inner if inner in files else base, node.lineno, at_top)
        else:
            later = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or is_for_type_checkers(node)
            for body in bodies(node):
                yield from find_imports(body, package, files, at_top=at_top and not later)


def absolute(node: ast.ImportFrom, package: str) -> str:
    """Dotted name of the module after ``from``; each dot beyond the first climbs one package."""
    if not node.level:
        return node.module or ""
    parts = package.split(".")
    return ".".join([*parts[: len(parts) - node.level + 1], *([node.module] if node.module else [])])


def is_for_type_checkers(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}


def bodies(node: ast.stmt) -> Iterator[list[ast.stmt]]:
    """Return the blocks of statements inside a statement, those of handlers and cases included."""
    for _, value in ast.iter_fields(node):
        if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
            yield value
        elif isinstance(value, list):
            for part in value:
                if isinstance(part, ast.ExceptHandler | ast.match_case):
                    yield part.body


def upward_arrows(house: House) -> Iterator[str]:
    """A file imports from its own floor or below; a room without a floor has to be given one."""
    for module in house.values():
        if module.room == "__init__":
            continue
        if module.room not in FLOORS:
            yield module.at(1, f"room {module.room!r} has no floor; give it one in FLOORS and in CONTRIBUTING.md")
            continue
        for arrow in module.imports:
            if arrow.target in house and arrow.target != PACKAGE:
                floor = FLOORS.get(house[arrow.target].room, 0)
                if floor > FLOORS[module.room]:
                    yield module.at(
                        arrow.line, f"imports {arrow.target} of floor {floor} from floor {FLOORS[module.room]}"
                    )


def circles(house: House) -> Iterator[str]:
    """No module reaches itself by imports, wherever in the files these stand."""
    reached = {name: {arrow.target for arrow in module.imports} & set(house) for name, module in house.items()}
    for through in house:
        for name, targets in reached.items():
            if through in targets:
                reached[name] = targets | reached[through]
    for name, module in house.items():
        if name in reached[name]:
            circle = sorted(other for other in reached[name] if name in reached[other])
            yield module.at(1, f"stands in a circle of imports: {', '.join(circle)}")


def long_files(house: House) -> Iterator[str]:
    """No file is longer than a reader can hold in mind."""
    for module in house.values():
        if module.lines > LONGEST_FILE:
            yield module.at(module.lines, f"{module.lines} lines, at most {LONGEST_FILE}; split it by question")


def names_through_the_door(house: House) -> Iterator[str]:
    """The package's ``__init__`` is for users; inside, a name is imported from the room that it lives in."""
    for module in house.values():
        for arrow in module.imports:
            if arrow.target == PACKAGE and module.room != "__init__":
                yield module.at(
                    arrow.line, "imports through gametheory/__init__; write from gametheory.ROOM import NAME"
                )


def heavy_imports(house: House) -> Iterator[str]:
    """Heavy libraries are imported by the functions that use them; see HEAVY and WITHOUT_NUMPY."""
    compiled = {name for name, module in house.items() if "numba" in tops(module)}
    for module in house.values():
        allowed = {"numba"} if module.room == "kernels" else set()
        refused = HEAVY - allowed | ({"numpy"} if module.room in WITHOUT_NUMPY else set())
        for arrow in module.imports:
            if not arrow.at_top:
                continue
            if arrow.target.partition(".")[0] in refused:
                yield module.at(arrow.line, f"imports {arrow.target} at the top; import it inside the function")
            if arrow.target in compiled and module.room != "kernels":
                yield module.at(arrow.line, f"imports {arrow.target}, which loads numba; import it inside the function")


def tops(module: Module) -> set[str]:
    return {arrow.target.partition(".")[0] for arrow in module.imports if arrow.at_top}


def licences(house: House) -> Iterator[str]:
    """Gambit's Python package is GPL and this one is MIT: game files are the bridge."""
    for module in house.values():
        for arrow in module.imports:
            if arrow.target.partition(".")[0] in {"gambit", "pygambit"}:
                yield module.at(arrow.line, f"imports {arrow.target}, which is GPL; exchange .nfg files instead")


def runs_of_text(house: House) -> Iterator[str]:
    """Nothing that was read is ever run: no eval, no exec, no compile, no pickle."""
    for module in house.values():
        for arrow in module.imports:
            if arrow.target.partition(".")[0] in PICKLES:
                yield module.at(arrow.line, f"imports {arrow.target}; store arrays, Parquet or JSON")
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and (name := forbidden_call(node)):
                yield module.at(node.lineno, f"calls {name}")


def forbidden_call(call: ast.Call) -> str:
    """Name of the call if it can run text or unpickle, else an empty string (``re.compile`` is another compile)."""
    if isinstance(call.func, ast.Name) and call.func.id in RUNS_TEXT:
        return call.func.id
    if isinstance(call.func, ast.Attribute) and call.func.attr in (RUNS_TEXT | PICKLING) - {"compile"}:
        return call.func.attr
    unpickles = any(word.arg == "allow_pickle" and ast.unparse(word.value) != "False" for word in call.keywords)
    return "allow_pickle" if unpickles else ""


Rule = Callable[[House], Iterator[str]]
RULES: tuple[Rule, ...] = (
    upward_arrows,
    circles,
    long_files,
    names_through_the_door,
    heavy_imports,
    licences,
    runs_of_text,
)


@pytest.fixture(scope="module")
def house() -> House:
    return read_house(ROOT / PACKAGE)


@pytest.mark.parametrize("rule", RULES)
def test_the_package_keeps_the_rule(rule: Rule, house: House) -> None:
    assert not list(rule(house))


def test_the_package_is_read_whole(house: House) -> None:
    files = {path.relative_to(ROOT) for path in (ROOT / PACKAGE).rglob("*.py")}

    assert {module.path for module in house.values()} == files
    assert Path(PACKAGE, "errors.py") in files


def test_the_floors_are_those_of_the_contributing_guide() -> None:
    rows = re.findall(
        r"^\| (\d) \| (.+?) \|", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    told = {room: int(floor) for floor, rooms in rows for room in re.findall(r"`(\w+)/?`", rooms)}

    assert told == FLOORS


def test_no_gpl_package_is_required() -> None:
    for name in ("pyproject.toml", "requirements.lock"):
        assert "pygambit" not in (ROOT / name).read_text(encoding="utf-8")


LAWFUL = {
    "__init__.py": "def __getattr__(name):\n    from gametheory.games import Games\n    return Games\n",
    "errors.py": "class InputError(ValueError): ...\n",
    "kernels/__init__.py": "",
    "kernels/regret.py": "import numpy as np\nfrom numba import njit\n",
    "games/__init__.py": "from gametheory.games.strategic import Games\n",
    "games/strategic.py": "import re\nimport numpy as np\nfrom ..errors import InputError\nre.compile('x')\n",
    "solvers/__init__.py": "def solve(games):\n    from gametheory.kernels import regret\n    import pandas as pd\n",
    "cli.py": "if TYPE_CHECKING:\n    import pandas as pd\n    from .games import Games\n",
}

BREACHES: dict[str, tuple[Rule, dict[str, str], str]] = {
    "an upward arrow": (
        upward_arrows,
        {"games/more.py": "from gametheory.solvers import solve\n"},
        "floor 2 from floor 1",
    ),
    "a relative one": (upward_arrows, {"games/more.py": "from ..solvers import solve\n"}, "floor 2 from floor 1"),
    "one of a package": (upward_arrows, {"games/__init__.py": "from ..cli import main\n"}, "floor 7 from floor 1"),
    "one in a function": (
        upward_arrows,
        {"errors.py": "class A:\n  def f(self):\n    try:\n      g()\n    except E:\n      from .games import Games\n"},
        "errors.py:6: imports gametheory.games of floor 1 from floor 0",
    ),
    "one for type checkers": (
        upward_arrows,
        {"errors.py": "import typing\nif typing.TYPE_CHECKING:\n    from gametheory.games.strategic import Games\n"},
        "errors.py:3",
    ),
    "a submodule by name": (upward_arrows, {"errors.py": "from gametheory import cli\n"}, "imports gametheory.cli"),
    "an unknown room": (upward_arrows, {"attic.py": ""}, "room 'attic' has no floor"),
    "a circle": (
        circles,
        {
            "parameters.py": "from gametheory.solutions import b\n",
            "solutions.py": "def f():\n    from .parameters import a\n",
        },
        "gametheory.parameters, gametheory.solutions",
    ),
    "a longer circle": (
        circles,
        {
            "parameters.py": "import gametheory.expressions as e\n",
            "expressions.py": "from .solutions import b\n",
            "solutions.py": "if True:\n    from . import parameters\n",
        },
        "gametheory.expressions, gametheory.parameters, gametheory.solutions",
    ),
    "a circle with its own package": (circles, {"games/strategic.py": "from gametheory.games import Games\n"}, "games"),
    "a long file": (long_files, {"model.py": "x = 1\n" * 401}, "401 lines"),
    "a name through the door": (names_through_the_door, {"cli.py": "from gametheory import solve\n"}, "cli.py:1"),
    "the door itself": (names_through_the_door, {"cli.py": "def f():\n    import gametheory as gt\n"}, "cli.py:2"),
    "the door by a dotted name": (names_through_the_door, {"cli.py": "import gametheory.errors\n"}, "cli.py:1"),
    "pandas at the top": (heavy_imports, {"study.py": "import pandas as pd\n"}, "imports pandas at the top"),
    "a part of scipy": (heavy_imports, {"study.py": "from scipy.optimize import brentq\n"}, "scipy.optimize"),
    "in a class or a try": (heavy_imports, {"study.py": "try:\n    import flint\nfinally:\n    pass\n"}, "flint"),
    "numba outside kernels": (heavy_imports, {"solvers/pure.py": "from numba import njit\n"}, "imports numba"),
    "numpy in the errors": (heavy_imports, {"errors.py": "import numpy as np\n"}, "imports numpy"),
    "numpy in the command line": (heavy_imports, {"cli.py": "import numpy as np\n"}, "imports numpy"),
    "a compiled kernel at the top": (
        heavy_imports,
        {"solvers/pure.py": "from gametheory.kernels.regret import regret\n"},
        "which loads numba",
    ),
    "pygambit": (licences, {"formats.py": "def f():\n    import pygambit\n"}, "GPL"),
    "eval": (runs_of_text, {"model.py": "x = eval('1')\n"}, "calls eval"),
    "exec": (runs_of_text, {"model.py": "def f():\n    exec('1')\n"}, "model.py:2: calls exec"),
    "compile": (runs_of_text, {"model.py": "compile('1', '', 'eval')\n"}, "calls compile"),
    "eval of a frame": (runs_of_text, {"model.py": "frame.eval('a + b')\n"}, "calls eval"),
    "__import__": (runs_of_text, {"model.py": "__import__('os')\n"}, "calls __import__"),
    "pickle": (runs_of_text, {"study.py": "from pickle import loads\n"}, "imports pickle"),
    "a pickled frame": (runs_of_text, {"study.py": "frame.to_pickle('x')\n"}, "calls to_pickle"),
    "a pickled array": (runs_of_text, {"study.py": "np.load('x', allow_pickle=True)\n"}, "calls allow_pickle"),
}


def build(folder: Path, files: Mapping[str, str]) -> House:
    """Write a small package and read it."""
    for name, text in files.items():
        path = folder / PACKAGE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return read_house(folder / PACKAGE)


@pytest.mark.parametrize("rule", RULES)
def test_a_lawful_package_passes(rule: Rule, tmp_path: Path) -> None:
    assert not list(rule(build(tmp_path, LAWFUL)))


@pytest.mark.parametrize("case", BREACHES)
def test_a_breach_is_found_and_placed(case: str, tmp_path: Path) -> None:
    rule, files, expected = BREACHES[case]

    found = list(rule(build(tmp_path, LAWFUL | files)))

    assert any(expected in sentence for sentence in found), found
