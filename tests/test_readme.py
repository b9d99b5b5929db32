"""Do the commands of the front page print what it shows?"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gametheory.reader import load

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"```console\n\$ gametheory ([^\n]*)\n(.*?)```", README, flags=re.DOTALL)


def lines(text: str) -> list[str]:
    """The lines of a text without blanks at their ends, empty lines left out."""
    return [line.rstrip() for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize(("command", "printed"), SHOWN)
def test_a_command_of_the_readme_prints_what_it_shows(command: str, printed: str) -> None:
    from gametheory.cli.app import app

    result = CliRunner().invoke(app, shlex.split(command))

    assert result.exit_code == 0
    assert lines(result.stdout) == lines(printed)


def test_the_picture_of_the_front_page_is_of_the_model_as_it_is_now() -> None:
    (name,) = re.findall(r"\]\((docs/[\w.]+\.svg)\)", README)
    drawn = (Path(__file__).parents[1] / name).read_text(encoding="utf-8")

    assert load("involvement_response").digest in drawn, "draw it anew: python docs/draw.py"


def test_every_place_that_the_front_page_points_to_is_there() -> None:
    root = Path(__file__).parents[1]
    places = [place for place in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in place]

    assert len(places) > 3
    assert not [place for place in places if not (root / place).exists()]
