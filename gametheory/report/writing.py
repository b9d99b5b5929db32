"""How is the report written: one HTML page, and every frame as a file beside it?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gametheory import figures
from gametheory.formats import write_atomically
from gametheory.report import grounds, texts
from gametheory.report.answers import three
from gametheory.report.changes import Sweep, sweeps
from gametheory.report.definitions import definitions, measure_meanings
from gametheory.report.files import write_frames
from gametheory.report.page import headline, sections
from gametheory.report.phrases import names_of, sides
from gametheory.report.pictures import Picture
from gametheory.report.section import Section

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
SHOWN_ABOVE = "The figure at the top of the page shows this."
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
    environment.filters["opened"] = texts.opened
    names = names_of(model)
    found = sorted(sweeps(frames.get("tip", ()), model), key=Sweep.nearest)
    expected = [name for name in EXPECTED if model.form == "strategic" or name not in OF_TABLES]
    missing = [name for name in expected if not frames.get(name) and not frames.get(INSTEAD.get(name, name))]
    entries = [("model digest", model.digest), *_flat(provenance)]
    accepted = str(provenance.get("accepted", ""))
    first, said = headline(frames, names), three(model, frames, names, found)
    with figures.keeping(_central(frames)):
        built = [_once(section, first) for section in sections(model, frames, names, found)]
    return environment.get_template("page.html.j2").render(
        model=model,
        players=sides(names),
        answers=said,
        reading=texts.reading(said, certain=names.certain),
        hint=texts.HINT,
        headline=first,
        sections=built,
        verdicts={word: text for word, text in texts.VERDICTS.items() if word in _met(frames)},
        assumptions=[
            grounds.assumptions(model, names),
            *grounds.ties(model, names, accepted),
        ],
        marks=_marks(),
        definitions=[*definitions(names, [own.anchor for own in built]), *measure_meanings(model, names)],
        limits=texts.limits(model, missing),
        provenance=grounds.provenance(entries),
    )


def _met(frames: Mapping[str, list[pd.DataFrame]]) -> set[str]:
    """The verdicts that stand on the page, of the central values and of the draws."""
    central = [str(text) for frame in frames.get("base_case", ()) for text in frame.attrs.get("verdicts", {}).values()]
    central += [str(text) for frame in frames.get("base_case", ()) for text in frame["verdict"]]
    drawn = [word for frame in frames.get("outcomes", ()) for own in frame.attrs.get("verdicts", {}).values()
             for word in own]  # fmt: skip
    return {text.partition(":")[0] for text in (*central, *drawn)}


def _central(frames: Mapping[str, list[pd.DataFrame]]) -> list[list[str]]:
    """The answers at the central values, order by order: they keep their letters and colours in all figures."""
    shown = [str(text) for frame in frames.get("flips", ())[:1] for text in frame["outcome"]]
    return [text.split(" | ") for text in dict.fromkeys(shown)]


def _once(section: Section, first: Picture | None) -> Section:
    """A section without the picture that the first screen shows already."""
    kept = [block for block in section.blocks if first is None or getattr(block, "source", None) != first.source]
    if len(kept) == len(section.blocks):
        return section
    first_said, more = section.sentences[: section.shown], section.sentences[section.shown :]
    return replace(section, blocks=kept, sentences=[*first_said, SHOWN_ABOVE, *more], shown=section.shown + 1)


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
