"""How do tests read a page: its tables with their captions, its headings, its words and its sections?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

__all__ = ["Page", "Read", "read_page"]

VOID = frozenset({"meta", "img", "br", "link", "input", "hr", "col"})
UNREAD = frozenset({"style", "script", "pre"})
HEADING = re.compile(r"h[1-6]")


@dataclass
class Read:
    """A table as texts; the heading of each row is its first cell."""

    caption: str = ""
    heads: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    section: str = ""

    def column(self, head: str) -> list[str]:
        """The cells below one heading."""
        return [row[self.heads.index(head)] for row in self.rows]


@dataclass
class Page:
    """What stands on a page."""

    tables: list[Read] = field(default_factory=list)
    sections: dict[str, str] = field(default_factory=dict)
    headings: list[tuple[int, str]] = field(default_factory=list)
    tags: list[tuple[str, Mapping[str, str], tuple[str, ...]]] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All words, section after section."""
        return " ".join(self.sections.values())

    def of(self, caption: str) -> Read:
        """The one table whose caption is so or, where none is, begins so."""
        (found,) = [own for own in self.tables if own.caption == caption] or [
            own for own in self.tables if own.caption.startswith(caption)
        ]
        return found

    def named(self, tag: str) -> list[Mapping[str, str]]:
        """The attributes of every element of a name."""
        return [attributes for name, attributes, _ in self.tags if name == tag]


class _Reader(HTMLParser):
    """Fills a page; raises where elements are not nested."""

    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self.stack: list[str] = []
        self.section = ""
        self.cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.page.tags.append((tag, given, tuple(self.stack)))
        if tag == "section":
            self.section = given["id"]
            self.page.sections[self.section] = ""
        if tag == "table":
            self.page.tables.append(Read(section=self.section))
        if tag == "tr" and "tbody" in self.stack:
            self.page.tables[-1].rows.append([])
        if tag in {"th", "td", "caption"} or HEADING.fullmatch(tag) or (tag, given.get("class")) == ("p", "sentence"):
            self.cell = []
        if tag not in VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.stack.pop() != tag:
            raise AssertionError(f"</{tag}> closes another element")
        if self.cell is not None and tag in {"th", "td", "caption", "p", "h1", "h2", "h3"}:
            self._keep(tag, " ".join("".join(self.cell).split()))
            self.cell = None

    def _keep(self, tag: str, text: str) -> None:
        """Put a text where it belongs."""
        if tag == "p":
            self.page.sentences.append(text)
        elif tag == "caption":
            self.page.tables[-1].caption = text
        elif HEADING.fullmatch(tag):
            self.page.headings.append((int(tag[1]), text))
        elif "thead" in self.stack:
            self.page.tables[-1].heads.append(text)
        elif "tbody" in self.stack:
            self.page.tables[-1].rows[-1].append(text)

    def handle_data(self, data: str) -> None:
        if self.cell is not None:
            self.cell.append(data)
        if self.section and not UNREAD & set(self.stack):
            self.page.sections[self.section] += " " + " ".join(data.split())


def read_page(html: str) -> Page:
    """Read a page; raises AssertionError where its elements are not nested."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    if reader.stack:
        raise AssertionError(f"{reader.stack} are not closed")
    return reader.page
