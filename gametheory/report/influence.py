"""Which sections tell what drives the answer, and under which conditions a claim holds?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gametheory import figures
from gametheory.analyses.influence.drivers import NOTHING_VARIES, leading_index
from gametheory.analyses.influence.response_curves import FAILED
from gametheory.figures.drivers import question_words
from gametheory.figures.response_curves import happens
from gametheory.figures.words import joined, order_name, percent, sentence_case
from gametheory.report.amounts import amount, readable
from gametheory.report.grids import Table, table
from gametheory.report.phrases import Names, during, outcome_said, together
from gametheory.report.pictures import Picture, picture
from gametheory.report.section import Frames, Section, fewer, noted, only

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SUFFICIENT", "curves", "driven", "drivers", "scenarios"]

NAMED = 3  # drivers named in a sentence
SUFFICIENT = "sufficient"
MOST_ROWS = 6  # drivers of one question in the table


def drivers(frames: Frames, names: Names) -> Section | None:
    """What drives the set of equilibria, the measures and the claims."""
    frame = only(frames, "drivers")
    if frame is None or frame.empty:
        return None
    said = driven(frame[frame["over"] == "supports"], names)
    said += _sample(frame, names)
    blocks: list[Picture | Table] = [
        picture(figures.drivers, frame, _bars(names), over=_most_telling(frame), labels=names.labels),
        _table(frame, names),
    ]
    alone, rest = only(frames, "tornado"), list[Picture | Table]()
    if alone is not None and len(alone):
        rest.append(picture(figures.tornado, alone, ALONE, labels=names.labels))
    dependence = only(frames, "set_dependence")
    if dependence is not None and len(dependence):
        compared = dependence[dependence["kernel"] == dependence["kernel"].iloc[0]]
        strongest = compared.groupby("order", sort=False).head(MOST_ROWS)
        check = CHECK if names.form != "analytic" else CHECK.replace(" of each order", "")
        rest.append(picture(figures.set_dependence, strongest, check, labels=names.labels))
    return Section("drivers", "What drives the answer", said, blocks, noted(frame, alone, dependence), rest=rest)


BARS = "Below the noise floor a parameter cannot be told from one without effect."


def _bars(names: Names) -> str:
    """How the bars of drivers are to be read; equations have no orders of play to be kept apart."""
    kind = {"strategic": "an order", "extensive": "a kind"}.get(names.form, "")
    return f"Compare bars within {kind} of play. {BARS}" if kind else BARS


ALONE = "One parameter moves, the others stand at their central values: what two of them do together is not seen here."
CHECK = (
    "A second method with other assumptions, which compares the sets of solutions of every two draws: where both name "
    f"the same parameters, the finding does not rest on the method. The {MOST_ROWS} strongest of each order."
)


def _most_telling(frame: pd.DataFrame) -> str:
    """The question that is drawn: which equilibria there are or, where these never change, the first that varies."""
    varying = frame[frame["verdict"] != NOTHING_VARIES]
    questions = list(dict.fromkeys(varying["over"].astype(str)))
    return "supports" if "supports" in questions or not questions else questions[0]


def driven(frame: pd.DataFrame, names: Names) -> list[str]:
    """The largest drivers of the set of equilibria under each order of play, or under those of which the same is so."""
    told = [_driven(own, names) for _, own in frame.groupby("order", sort=False)]
    return together(told)


def _driven(own: pd.DataFrame, names: Names) -> tuple[str, str]:
    """One order of play, and what drives the set of equilibria there."""
    index = leading_index(own)
    order = during(str(own["order"].iloc[0]), names)
    ordered = own[own[index] > own["noise_floor"]].sort_values([index, "parameter"], ascending=[False, True])
    ordered = ordered[(ordered["verdict"] == SUFFICIENT).cummin()].head(NAMED)  # none below one that is not known well
    parts = [f"{names.say(row['parameter'])} ({_share(row, index)})" for _, row in ordered.iterrows()]
    how = "alone or together with others" if index == "total" else "fairly divided among tied parameters"
    if bool((own["verdict"] == NOTHING_VARIES).all()):
        same = "has the same kinds" if names.form == "analytic" else "is the same"
        table = "what moves the measures and the claims stands in the table"
        said = f"the set of solutions {same} at every point drawn, so that nothing drives it; {table}."
    elif not parts:
        said = "the sample does not tell which parameter drives the set of equilibria."
    else:
        said = f"which equilibria there are varies most with {joined(parts)}: shares of the variance, {how}."
    return order, said


def _share(row: Any, index: str) -> str:
    """An index with its interval."""
    low, high = (percent(min(1.0, max(0.0, float(row[f"{index}_{end}"])))) for end in ("low", "high"))
    return f"{percent(min(1.0, max(0.0, float(row[index]))))}, {low} to {high}"


def _sample(frame: pd.DataFrame, names: Names) -> list[str]:
    """Of which questions the sample does not tell the drivers."""
    verdicts = frame.groupby("over", sort=False)["verdict"].agg(lambda own: bool((own == SUFFICIENT).all()))
    open_questions = [str(over) for over, enough in verdicts.items() if not enough]
    if not open_questions:
        return ["By their own verdict, the base points suffice for every question asked."]
    listed = "; ".join(question_words(over, names.labels) for over in open_questions[:NAMED])
    more = f"; and {len(open_questions) - NAMED} more" if len(open_questions) > NAMED else ""
    every = {"strategic": " under every order of play", "extensive": " under every kind of play"}.get(names.form, "")
    enough = f"{len(verdicts) - len(open_questions) or 'none'} of {len(verdicts)} questions{every}"
    start = f"By their own verdict, the base points suffice for {enough}"
    remedy = sentence_case(_remedy(frame[frame["verdict"] != SUFFICIENT]))
    return [f"{start}, and not for {listed}{more}. {remedy}."]


def _remedy(short: pd.DataFrame) -> str:
    """Whether more base points would help: not where the answer never changes, or where many games have no value."""
    same = short["verdict"] == NOTHING_VARIES
    missing = short["verdict"].str.contains("without a value", regex=False)
    parts = ["more base points would tell"] if (~(same | missing)).any() else []
    if same.any():
        parts.append("where the answer is the same at every point drawn, nothing is seen to drive it")
    if missing.any():
        parts.append("where many games have no value, more base points do not help")
    return "; ".join(parts)


def _table(frame: pd.DataFrame, names: Names) -> Table:
    """The largest drivers of every question under every order."""
    rows: list[list[str]] = []
    for (order, over), own in frame.groupby(["order", "over"], sort=False):
        index = leading_index(own)
        strongest = own.sort_values([index, "parameter"], ascending=[False, True], kind="stable").head(MOST_ROWS)
        enough = bool((own["verdict"] == SUFFICIENT).all())
        listed = [f"{names.say(row['parameter'])} {percent(min(1.0, max(0.0, float(row[index]))))}"
                  for _, row in strongest.iterrows() if float(row[index]) > float(row["noise_floor"])]  # fmt: skip
        question = sentence_case(question_words(str(over), names.labels))
        told = [
            order_name(str(order), names.labels),
            "; ".join(listed) or "none above the noise",
            "yes" if enough else "no",
        ]
        lowest = question.replace("The highest", "The lowest", 1)
        if lowest != question and rows and rows[-1] == [lowest, *told]:  # the two ends are one where nothing is open
            rows[-1] = [question.replace("The highest", "The lowest and the highest", 1), *told]
        else:
            rows.append([question, *told])
    heads = ["Question", "Order of play", "Largest drivers", "Sample suffices"]
    note = "Share of the variance, alone or together with others (Shapley shares where parameters are tied)."
    return table("Drivers of every question", heads, rows, "tttt", f"{note} All values: frames/drivers.csv.")


def curves(frames: Frames, names: Names) -> Section | None:
    """How often each profile is an equilibrium along each parameter."""
    frame = only(frames, "response_curves")
    if frame is None or frame.empty:
        return None
    said, blocks = [], list[Picture | Table]()
    for place, order in enumerate(dict.fromkeys(frame["order"].astype(str))):
        said.append(_swing(frame[frame["order"] == order], order, names))
        if place:  # the other orders stand in the sentences and in the file
            continue
        note = STEPS if names.form == "analytic" else f"{sentence_case(order_name(order, names.labels))}. {STEPS}"
        blocks.append(picture(figures.response_curves, frame, note, order=order, labels=names.labels))
    title = "How the answer changes along each parameter"
    return Section("curves", title, said, blocks, noted(frame), basis=_binned(frame))


def _binned(frame: pd.DataFrame) -> str:
    """On how many draws the curves rest: each share on those of one bin alone."""
    said = fewer(frame).partition(":")[0]
    return f"{said}, which are divided among the bins: see the bands." if said else ""


STEPS = "All other parameters vary as their laws say; bands are 95% intervals; lines are flat within a bin of draws."


def _swing(own: pd.DataFrame, order: str, names: Names) -> str:
    """The profile whose share changes most along one parameter."""
    swings = {
        (str(told), str(parameter)): float(part["share"].max() - part["share"].min())
        for (told, parameter), part in own.groupby(["profile", "parameter"], sort=False)
    }
    told, parameter = max(swings, key=lambda pair: swings[pair])
    part = own[(own["profile"] == told) & (own["parameter"] == parameter)].sort_values("low")
    first, last = part.iloc[0], part.iloc[-1]
    what = f"{outcome_said(told, names)} is an equilibrium" if told != FAILED else happens(told, names.labels)
    said = (
        f"{what} in {percent(float(first['share']))} of the draws where {names.say(parameter)} is lowest (up to "
        f"{amount(float(first['high']))}) and in {percent(float(last['share']))} where it is highest (from "
        f"{amount(float(last['low']))}){_between(part)}."
    )
    (sentence,) = together([(during(order, names), said)])
    return sentence


def _between(part: pd.DataFrame) -> str:
    """Where the share between the ends is surely beyond both of them: a swing that the ends do not show."""
    share, low, high = (part[name].to_numpy() for name in ("share", "share_low", "share_high"))
    said = ""
    for word, place, beyond in (
        ("more", int(share.argmax()), low.max() > max(high[0], high[-1])),
        ("less", int(share.argmin()), high.min() < min(low[0], low[-1])),
    ):
        own = part.iloc[place]
        span = f"{amount(float(own['low']))} to {amount(float(own['high']))}"
        said += f", and {word} often between them: in {percent(float(own['share']))} from {span}" if beyond else ""
    return said


def scenarios(frames: Frames, names: Names) -> Section | None:
    """Under which few conditions the most open claims hold."""
    said, blocks = [], list[Picture | Table]()
    parts: Sequence[pd.DataFrame] = frames.get("discovery", ())
    for frame in parts:
        if frame.empty:
            said.append(f"{sentence_case(str(frame.attrs.get('verdict', 'no box was found')))}.")
            continue
        known = set(frame["parameter"].astype(str))
        told = dict.fromkeys(frame["sentence"].astype(str))
        said += [f"{sentence_case(_quoted(readable(names.words(text, known))))}." for text in told]
        blocks.append(picture(figures.discovery, frame, BOX, labels=names.labels))
    if not said:
        return None
    title = "Under which conditions open claims hold"
    return Section("conditions", title, said, blocks[:1], noted(*parts), rest=blocks[1:], basis=fewer(*parts))


def _quoted(text: str) -> str:
    """A sentence of the analysis with quotation marks and per cent signs as everywhere on the page.

    >>> _quoted("if a is above 1, then the claim 'They hold' holds in 83 % of these draws")
    'if a is above 1, then the claim \u201cThey hold\u201d holds in 83% of these draws'
    """
    return re.sub(r"the claim '(.*)' (?=holds|fails)", "the claim \u201c\\1\u201d ", text).replace(" %", "%")


BOX = "A box of conditions describes and is no boundary: it may miss some draws, and hold some where the claim fails."
