"""How does the tree of a model stand on the page?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gametheory import figures
from gametheory.figures.words import profile
from gametheory.games.tree_layout import MOST_ENDS
from gametheory.report.grids import Table
from gametheory.report.phrases import Names
from gametheory.report.pictures import Picture, picture
from gametheory.report.section import Section
from gametheory.solvers.trees import SEQUENTIAL, solve_trees

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["threats_said", "tree_section"]

THREATS = 4  # equilibria whose incredible choices are told in sentences
DRAWN = 3  # sequential equilibria that are drawn
KEY = (
    "A dashed line joins moves that the player cannot tell apart. Percentages beside the actions say how probable they "
    "are. Beside each end stand the outcome and the payoffs."
)
LEFT_OUT = (
    "What needs a table of payoffs over actions, such as regrets, break-even values, margins and critical risks, is "
    "left out."
)


def threats_said(base: pd.DataFrame, names: Names) -> list[str]:
    """The equilibria at the central values that rest on threats which nobody would carry out; none for other forms."""
    if "threats" not in base.columns:
        return []
    resting = base[base["threats"] != ""]
    said = [
        f"The equilibrium {profile(row['profile'], names.labels)} holds a threat or a promise off the path of play "
        f"that is not credible: {names.words(row['threats'], names.players)}."
        for row in resting.head(THREATS).to_dict("records")
    ]
    more = len(resting) - len(said)
    return (
        [*said, f"Choices of this kind stand in {more} more of the equilibria: frames/base_case.csv."] if more else said
    )


def tree_section(model: Model, names: Names) -> Section:
    """The tree at the central values, as some of its sequential equilibria play it where there are any."""
    games = model.trees()
    found = solve_trees(games, order=SEQUENTIAL)
    blocks: list[Picture | Table] = []
    said = [f"The game is a tree of {len(games.tree)} nodes and {len(games.tree.sets)} information sets. {LEFT_OUT}"]
    if len(games.tree.ends) > MOST_ENDS:
        said.append(f"It has {len(games.tree.ends)} ends, too many to be drawn.")
    elif not len(found):
        blocks.append(picture(figures.tree, games, KEY, labels=names.labels))
    else:
        blocks = [
            picture(figures.tree, games, KEY, solutions=found, solution=number, labels=names.labels)
            for number in range(min(len(found), DRAWN))
        ]
        if len(found) > DRAWN:
            said.append(f"{DRAWN} of its {len(found)} sequential equilibria at the central values are drawn.")
    return Section("payoffs", "The tree at the central values of all parameters", said, blocks)
