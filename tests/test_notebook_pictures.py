"""Does a picture in a notebook say what it shows to those who cannot see it, and nothing else that is not so?"""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from typing import Any

import IPython
import IPython.display
import pytest
from IPython.core.formatters import DisplayFormatter
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import gametheory as gt
from gametheory.figures.showing import words
from gametheory.figures.style import axes, say

BAD = "<script>alert('x')</script>"
MODEL = "reference_involvement"


class Shell:
    """What a picture needs of a notebook: the formats in which the notebook wants pictures, and a record of outputs."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.patch = patch
        self.display_formatter = DisplayFormatter()
        self.display_formatter.formatters["image/png"].for_type(Figure, lambda _: "a picture")
        self.sent: list[tuple[dict[str, str], dict[str, Any]]] = []

    def display(self, data: dict[str, str], *, metadata: dict[str, Any] | None = None, raw: bool) -> None:
        """Stand in for IPython's own."""
        assert raw
        self.sent.append((data, metadata or {}))

    def show(self, ax: Axes) -> None:
        """Send a picture as a notebook does."""
        with self.patch.context() as patch:  # no longer than this: pyplot asks for the notebook, too
            patch.setattr(IPython, "get_ipython", lambda: self)
            patch.setattr(IPython.display, "display", self.display)
            self.display_formatter.format(ax.figure)  # type: ignore[no-untyped-call]  # IPython leaves it untyped


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    yield Shell(monkeypatch)
    plt.close("all")


def flips() -> Axes:
    return gt.figures.flips(gt.flips(gt.load(MODEL)))


def test_a_picture_is_sent_once_with_its_description_and_followed_by_it_in_words(shell: Shell) -> None:
    ax = flips()
    told = gt.figures.alternative(ax)

    shell.show(ax)

    (picture, about), (said, _) = shell.sent
    assert picture["image/png"] == "a picture"
    assert about == {"image/png": {"alt": told}}
    assert gt.figures.message(ax) in picture["text/plain"]
    assert said["text/plain"] == told
    assert told in unescape(said["text/html"])
    assert said["text/html"].startswith("<details><summary>")


def test_what_a_format_says_of_its_picture_is_kept(shell: Shell) -> None:
    formats = shell.display_formatter.formatters["image/png"]
    formats.for_type(Figure, lambda _: ("a fine picture", {"width": 660}))
    ax = flips()

    shell.show(ax)

    data, about = shell.sent[0]
    assert data["image/png"] == "a fine picture"
    assert about["image/png"] == {"width": 660, "alt": gt.figures.alternative(ax)}


def test_script_in_a_description_stays_text(shell: Shell) -> None:
    with gt.figures.style():
        ax = say(axes(None, 2.0), BAD, f"A line named {BAD}")

    shell.show(ax)

    assert "<script" not in shell.sent[1][0]["text/html"]
    assert "&lt;script&gt;" in shell.sent[1][0]["text/html"]


def test_axes_that_nobody_described_say_nothing(shell: Shell) -> None:
    with gt.figures.style():
        ax = axes(None, 2.0)

    shell.show(ax)

    assert [list(data) for data, _ in shell.sent] == [["image/png", "text/plain"]]


def test_a_figure_of_several_axes_has_a_paragraph_for_each_and_none_for_a_bar_of_colours() -> None:
    figure, pair = plt.subplots(1, 2, layout="constrained")
    for ax, text in zip(pair, ("left", "right"), strict=True):
        say(ax, text, f"On the {text}.")
    figure.colorbar(plt.cm.ScalarMappable(), ax=pair[1])

    assert len(figure.axes) == 3
    assert words(figure) == "On the left.\n\nOn the right."
    plt.close(figure)


def test_outside_of_a_notebook_a_figure_is_as_any_other() -> None:
    figure = flips().figure

    assert isinstance(figure, Figure)
    figure._ipython_display_()  # type: ignore[attr-defined]  # no notebook, so nothing happens
    plt.close("all")
