"""What are the numbers that equations determine, and between which values do they lie in the draws?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gametheory.figures.words import counted, joined, sentence_case
from gametheory.report.amounts import amount, between
from gametheory.report.grids import Table, table
from gametheory.report.phrases import Names
from gametheory.report.section import Frames, Section, only
from gametheory.solvers.roots import ORDER, solve_systems

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["unknown_ranges", "unknowns", "unknowns_section"]

FEW = 20  # draws below which one in twenty is less than one
SHARES = (0.05, 0.5, 0.95)  # of the draws below the ends that are told, and below the one in the middle


def unknowns(model: Model, samples: int, seed: int = 0) -> pd.DataFrame:
    """The values of every unknown, and of the choice, over all solutions in ``samples`` draws; one row an unknown.

    ``lower`` and ``upper`` hold 90 of 100 draws: below ``lower`` lies the lowest value over the solutions in one draw
    of twenty, above ``upper`` the highest. ``middle`` is the median where every solved draw has one solution, else
    missing: nothing picks one of several. Where a parameter is known within an interval alone, points are spread over
    it, which are no draws: then only ``least`` and ``greatest`` are told, of the points tried.
    """
    import pandas as pd

    design, spread = model.sample(samples, seed=seed), np.random.default_rng(seed)
    held = [name for name, own in model.parameters.items() if own.law.kind != "fixed" and not own.law.has_probability]
    for name in held:
        design[name] = spread.uniform(*model.parameters[name].law.support(), samples)
    solutions = solve_systems(model.systems(design))
    solved, place = np.unique(solutions.game, return_inverse=True)
    rows = []
    for name, own in solutions.variables.items():
        low, high = np.full(len(solved), np.inf), np.full(len(solved), -np.inf)
        np.minimum.at(low, place, own)
        np.maximum.at(high, place, own)
        rows.append({"order": ORDER, "unknown": name, **_row(low, high, single=len(own) == len(solved))})
    frame = pd.DataFrame(rows, columns=["order", "unknown", "least", "lower", "middle", "upper", "greatest"])
    notes = ["draws without a solution are left out"] if len(solved) < samples else []
    frame.attrs = {"samples": samples, "seed": seed, "solved": len(solved), "certain": bool(held), "notes": notes}
    if held:
        frame[["lower", "middle", "upper"]] = float("nan")
        frame.attrs["notes"] = [*notes, "an interval has no probability: the points tried are spread over it"]
    return frame


def _row(low: np.ndarray[Any, Any], high: np.ndarray[Any, Any], *, single: bool) -> dict[str, float]:
    """The ends of one unknown over the draws."""
    if not len(low):
        return dict.fromkeys(("least", "lower", "middle", "upper", "greatest"), float("nan"))
    least, greatest = float(low.min()), float(high.max())
    first, last = float(np.quantile(low, SHARES[0])), float(np.quantile(high, SHARES[2]))
    middle = float(np.quantile(low, SHARES[1])) if single else float("nan")
    return {"least": least, "lower": first, "middle": middle, "upper": last, "greatest": greatest}


def unknown_ranges(frames: Frames, names: Names, *, meant: bool) -> str:
    """Between which values the unknowns lie in nine of ten draws, as the end of a sentence."""
    frame = only(frames, "unknowns")
    if frame is None or frame.empty or not frame.attrs.get("solved"):
        return ""
    count = int(frame.attrs["solved"])
    whole = bool(frame.attrs.get("certain")) or count < FEW
    ends = ("least", "greatest") if whole else ("lower", "upper")
    told = [
        f"{names.meant(str(row['unknown'])) if meant else names.say(str(row['unknown']))} "
        f"{_from(*(float(row[end]) for end in ends))}"
        for _, row in frame.iterrows()
    ]
    noun = "point tried" if frame.attrs.get("certain") else "draw"
    tried = counted(count, noun, "points tried" if noun != "draw" else "")
    return f"; {'' if whole else 'at least 90% of '}{tried} put{'s' * (whole and count == 1)} {joined(told)}"


def _from(low: float, high: float) -> str:
    """A range after a verb that puts a number somewhere."""
    said = between(low, high)
    return f"between {said.replace(' to ', ' and ')}" if " to " in said else f"at {said}"


def unknowns_section(frames: Frames, names: Names) -> Section | None:
    """The range of every unknown over the draws, in a table."""
    frame = only(frames, "unknowns")
    if frame is None or frame.empty or not frame.attrs.get("solved"):
        return None
    count = counted(int(frame.attrs["solved"]), "point" if frame.attrs.get("certain") else "draw")
    notes = [f"{sentence_case(note)}." for note in frame.attrs.get("notes", ())]
    return Section("unknowns", "The numbers that are solved for", blocks=[_table(frame, names, count)], notes=notes)


def _table(frame: pd.DataFrame, names: Names, count: str) -> Table:
    """One row an unknown; of points tried only the ends, for no share of them is told."""
    told = {
        "least": "Least",
        "lower": "At most 1 draw in 20 lies below",
        "middle": "Median",
        "upper": "At most 1 draw in 20 lies above",
        "greatest": "Greatest",
    }
    certain = bool(frame.attrs.get("certain"))
    ends = [end for end in told if not certain or end in {"least", "greatest"}]
    rows = [
        [
            sentence_case(names.meant(str(row["unknown"]))),
            *("\u2013" if np.isnan(row[end]) else amount(float(row[end])) for end in ends),
        ]
        for _, row in frame.iterrows()
    ]
    note = (
        "Least and below: by the lowest value in each draw; above and greatest: by the highest. The median is given "
        "where no draw has several solutions. Least and greatest widen with more draws."
    )
    if certain:
        note = "Over all solutions at the points tried; more points widen the range."
    caption = f"The numbers that are solved for, over {count}"
    return table(
        caption, ["Number", *(told[end] for end in ends)], rows, "t" + "n" * len(ends), note, longest=len(rows)
    )
