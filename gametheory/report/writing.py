"""How is the report written: one HTML page, and every frame as a file beside it?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gametheory.figures.words import joined
from gametheory.formats import write_atomically
from gametheory.report import sentences, tables, texts
from gametheory.report.files import write_frames
from gametheory.report.page import headline, sections
from gametheory.report.phrases import Names, names_of

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["write"]

EXPECTED = (
    "base_case",
    "margins",
    "flips",
    "tip",
    "radius",
    "break_even",
    "critical_risk",
    "least_change",
    "regions",
    "region_areas",
    "outcomes",
    "multiplicity",
    "measure_ranges",
    "claims",
)
OF_TABLES = {"margins", "radius", "break_even", "critical_risk", "least_change", "regions", "region_areas", "flips"}
INSTEAD = {"claims": "audit"}  # which holds all that the first has


def write(
    model: Model,
    frames: Mapping[str, pd.DataFrame | Sequence[pd.DataFrame]],
    out: str | Path,
    *,
    provenance: Mapping[str, Any],
) -> Path:
    """Write ``out/index.html`` and ``out/frames/<name>.csv`` and ``.parquet``; return the path of the page.

    ``frames`` maps the name of an analysis to its frame, or to several: `tip` may come as one frame an order or a
    parameter, `regions` as one a map, `flips` as the base case and one a swept parameter. What is missing is named
    as not computed. ``provenance`` is printed as it is (nested mappings are laid flat) beside the model's digest; the
    bytes depend on the arguments alone. Raises InputError for a bad name of a frame and OSError where ``out`` cannot
    be written.
    """
    import pandas as pd

    folder = Path(out)
    parts = {name: [own] if isinstance(own, pd.DataFrame) else list(own) for name, own in frames.items()}
    listed = {name: own for name, own in parts.items() if own}
    write_frames(listed, folder / "frames")
    page = folder / "index.html"
    shared = {name: [_sharing(own) for own in some] for name, some in listed.items()}
    write_atomically(page, _page(model, shared, provenance).encode())
    return page


class _Record(dict[str, Any]):
    """A mapping that copies share."""

    def __deepcopy__(self, _: object) -> _Record:
        return self


class _Row(list[Any]):
    """A list that copies share."""

    def __deepcopy__(self, _: object) -> _Row:
        return self


def _sharing(frame: pd.DataFrame) -> pd.DataFrame:
    """The same frame with attributes that pandas need not copy with every row and column that is looked at."""
    light = frame.copy(deep=False)
    light.attrs = {
        key: _Record(own) if isinstance(own, dict) else _Row(own) if isinstance(own, list) else own
        for key, own in frame.attrs.items()
    }
    return light


def _page(model: Model, frames: Mapping[str, list[pd.DataFrame]], provenance: Mapping[str, Any]) -> str:
    """The page as HTML."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader("gametheory.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["ready"] = Markup  # for the payoff table, which escapes its labels itself
    names = names_of(model)
    expected = [name for name in EXPECTED if model.form == "strategic" or name not in OF_TABLES]
    missing = [name for name in expected if not frames.get(name) and not frames.get(INSTEAD.get(name, name))]
    entries = [("Model digest", model.digest), *_flat(provenance)]
    return environment.get_template("page.html.j2").render(
        model=model,
        players=joined([names.say(player) for player in names.players]),
        answers=_answers(frames, model, names),
        headline=headline(frames, names),
        sections=list(sections(model, frames, names)),
        verdicts=texts.VERDICTS,
        assumptions=[tables.assumptions(model, names), *tables.ties(model, names, str(provenance.get("accepted", "")))],
        marks=_marks(),
        definitions=[*texts.DEFINITIONS.items(), *texts.measure_meanings(model, names)],
        limits=texts.limits(model, missing),
        provenance=tables.provenance(entries),
    )


def _answers(frames: Mapping[str, list[pd.DataFrame]], model: Model, names: Names) -> list[str]:
    """The answer in a sentence for each order of play."""
    if not frames.get("base_case"):
        return []
    outcomes = frames["outcomes"][0] if frames.get("outcomes") else None
    return sentences.answer(frames["base_case"][0], outcomes, model.orders, names)


def _marks() -> Mapping[str, str]:
    """What the marks of the sources mean."""
    from gametheory.parameters import MARKS

    return MARKS


def _flat(entries: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, str]]:
    """Nested entries as lines: ``packages: numpy``."""
    for key, value in entries.items():
        name = f"{prefix}{str(key).replace('_', ' ')}"
        if isinstance(value, Mapping):
            yield from _flat(value, f"{name}: ")
        else:
            yield name, ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
