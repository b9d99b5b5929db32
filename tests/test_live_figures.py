"""Do live figures say what the static ones say, hold the numbers of their frames, and keep every label inert?

The browser is the Chromium of the system. Where there is none its tests are skipped, and the report says so.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from gametheory import figures
from gametheory.analyses.choosing.choices import choice_curves, choices
from gametheory.analyses.influence.drivers import drivers
from gametheory.analyses.influence.response_curves import response_curves
from gametheory.analyses.influence.tornado import tornado
from gametheory.analyses.mapping.regions import regions
from gametheory.analyses.shares.outcomes import outcomes
from gametheory.analyses.tipping.tip import tip
from gametheory.errors import InputError, UnknownNameError
from gametheory.figures import live
from gametheory.figures.live.faces import faces
from gametheory.figures.live.sheet import PHONE, inert, precise
from gametheory.figures.regions import map_of
from gametheory.reader import load
from tests.test_figures import LABELS, drawn, region_frame

if TYPE_CHECKING:
    import pandas as pd
    from playwright.sync_api import Browser, Page, Route
    from plotly.graph_objects import Figure

pytest.importorskip("plotly", reason="NO LIVE FIGURES: the extra 'live' is not installed")

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
in_browser = pytest.mark.skipif(
    CHROMIUM is None, reason="NO BROWSER: live figures were not tested in Chromium; install Debian's package chromium"
)
X, Y = "escalation_risk", "stake_russia"
UNITS = {X: "hazard per unit of exposure"}
POINT = (0.02, 1.2)
MOVED = (X, Y, "decisiveness")
HOSTILE = {
    "link": '<a href="javascript:window.ran=1">click me</a>',
    "image": "<img src=x onerror=window.ran=1>",
    "script": "</script><script>window.ran=1</script>",
    "mathematics": "$\\href{javascript:window.ran=1}{x}$",
    "field": "%{x} %{meta[0]} %{customdata}",
    "entity": "&lt;b&gt; & <b>bold</b><br>",
}
HOSTILE_LABELS = dict(zip(("nato", "russia", X, Y, "surge", "carry"), HOSTILE.values(), strict=True))


@cache
def frames() -> dict[str, Any]:
    """Frames of the reference model, small ones."""
    model = load("reference_involvement")
    return {
        "regions": regions(model, X, Y, order="nato", resolution=8),
        "outcomes": outcomes(model, samples=128),
        "drivers": drivers(model, samples=64),
        "response_curves": response_curves(model, samples=512),
        "tornado": tornado(model),
        "choices": choices(model, samples=64),
        "choice_curves": choice_curves(model, samples=64),
        "tip": tip(model, X, order="all"),
        "rainbow": [tip(model, name, order="all") for name in MOVED],
    }


Draw = Callable[[dict[str, str]], "Figure"]
LIVE: dict[str, Draw] = {
    "regions": lambda labels: live.regions(frames()["regions"], point=POINT, labels=labels, units=UNITS),
    "regions as a raster": lambda labels: live.regions(region_frame(), point=POINT, labels=labels),
    "outcomes": lambda labels: live.outcomes(frames()["outcomes"], labels=labels),
    "drivers": lambda labels: live.drivers(frames()["drivers"], labels=labels),
    "response_curves": lambda labels: live.response_curves(frames()["response_curves"], labels=labels, units=UNITS),
    "tornado": lambda labels: live.tornado(frames()["tornado"], labels=labels, units=UNITS),
    "choices": lambda labels: live.choices(frames()["choices"], labels=labels),
    "choice_curves": lambda labels: live.choice_curves(frames()["choice_curves"], labels=labels),
    "tip": lambda labels: live.tip(frames()["tip"], value=0.02, log=True, labels=labels, units=UNITS),
    "rainbow": lambda labels: live.rainbow(frames()["rainbow"], log=(X,), labels=labels, units=UNITS),
}
STATIC = {
    "regions": lambda: figures.regions(frames()["regions"], point=POINT, labels=LABELS),
    "outcomes": lambda: figures.outcomes(frames()["outcomes"], labels=LABELS),
    "drivers": lambda: figures.drivers(frames()["drivers"], labels=LABELS),
    "response_curves": lambda: figures.response_curves(frames()["response_curves"], labels=LABELS),
    "tornado": lambda: figures.tornado(frames()["tornado"], labels=LABELS),
    "choices": lambda: figures.choices(frames()["choices"], labels=LABELS),
    "choice_curves": lambda: figures.choice_curves(frames()["choice_curves"], labels=LABELS),
    "tip": lambda: figures.tip(frames()["tip"], value=0.02, log=True, labels=LABELS),
}


@cache
def labelled(name: str) -> Figure:
    """A live figure with its labels, drawn once; nobody changes it."""
    return LIVE[name](LABELS)


@cache
def hostile(name: str) -> Figure:
    """The same with labels that try to be markup."""
    return LIVE[name](HOSTILE_LABELS)


def scatters(figure: Figure) -> list[Any]:
    return [trace for trace in figure.data if trace.type == "scatter"]


def ends_of(figure: Figure) -> set[tuple[float, float]]:
    """The exact ends of all pieces of bars."""
    bars = [trace.customdata for trace in figure.data if trace.type == "bar"]
    return {tuple(ends) for data in bars for ends in np.reshape(data, (-1, 2))}


def whiskers_of(figure: Figure) -> set[tuple[float, float]]:
    lines = [trace.x for trace in scatters(figure) if trace.mode == "lines+markers"]
    return {(float(x[k]), float(x[k + 1])) for x in lines for k in range(0, len(x), 3)}


def written(figure: Figure) -> list[str]:
    """Every text that the library is handed to draw or to show at the pointer."""
    texts = [figure.layout.title.text, *(note.text for note in figure.layout.annotations)]
    texts += [axis.title.text for axis in (*figure.select_xaxes(), *figure.select_yaxes())]
    for trace in figure.data:
        texts += [trace.name, *(getattr(trace, kind, None) for kind in ("text", "hovertext", "hovertemplate"))]
    return [one for text in texts for one in np.ravel(np.array(text, dtype=object)).tolist() if isinstance(one, str)]


@pytest.mark.parametrize("name", STATIC)
def test_a_live_figure_says_what_the_static_one_says(name: str) -> None:
    figure, ax = labelled(name), drawn(STATIC[name])

    assert live.message(figure) == figures.message(ax)
    if name != "response_curves":  # it has room for more panels
        assert live.alternative(figure) == figures.alternative(ax)


@pytest.mark.parametrize("name", LIVE)
def test_the_title_is_the_sentence_and_a_description_is_kept(name: str) -> None:
    figure = labelled(name)

    title = figure.layout.title.text.removeprefix("<b>").removesuffix("</b>").replace("<br>", " ")
    assert title == inert(live.message(figure))
    assert len(live.alternative(figure).split()) > 20
    assert "_" not in live.alternative(figure)
    assert json.loads(figure.to_json())["layout"]["meta"]["alternative"] == live.alternative(figure)


def test_boundaries_are_the_points_of_the_frame() -> None:
    frame = frames()["regions"]
    drawn_curves = [
        np.column_stack([trace.x, trace.y]).tolist()
        for trace in labelled("regions").data
        if trace.type == "scatter" and trace.hovertemplate
    ]

    assert drawn_curves == [own[[X, Y]].to_numpy().tolist() for _, own in frame.groupby("curve", sort=True)]


def test_areas_are_bounded_by_nothing_but_points_of_the_frame_and_corners() -> None:
    frame = frames()["regions"]
    corners = {(x, y) for x in frame.attrs["x_range"] for y in frame.attrs["y_range"]}
    known = {tuple(point) for point in frame[[X, Y]].to_numpy().tolist()} | corners

    areas = [trace for trace in scatters(labelled("regions")) if trace.fill == "toself"]
    assert len(areas) == len(frame.attrs["outcomes"])
    assert all({*zip(trace.x.tolist(), trace.y.tolist(), strict=True)} <= known for trace in areas)


def test_the_answer_of_an_area_is_that_of_its_side_of_every_boundary() -> None:
    frame = frames()["regions"]
    found = map_of(frame)
    own = [rows for _, rows in frame.groupby("curve", sort=True)]
    points = [rows[[X, Y]].to_numpy() for rows in own]
    (left, right), (low, high) = found.ends
    corners = np.array([[left, low], [right, low], [right, high], [left, high]])
    areas = [trace for trace in scatters(labelled("regions")) if trace.fill == "toself"]
    walked = faces([(found.shares(curve), curve) for curve in points], corners)

    told = {trace.text.partition(":")[0].removeprefix("<b>"): trace for trace in areas}
    assert len(told) == len(walked) == len(areas)
    for face, trace in zip(walked, areas, strict=True):
        sides = {" | ".join(own[curve].iloc[0]["before" if ahead else "after"]) for curve, ahead in face.sides}
        assert len(sides) == 1
        place = "ABCDEFGHIJKL".index(trace.text.removeprefix("<b>")[0])
        assert sides == {found.names[place]}


def test_faces_share_out_the_square() -> None:
    corners = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    bend = np.array([[0.0, 0.3], [0.4, 0.6], [0.7, 0.5]])
    out, up = np.array([[0.7, 0.5], [1.0, 0.5]]), np.array([[0.7, 0.5], [0.7, 1.0]])
    turns = np.linspace(0.0, 2.0 * np.pi, 401)
    ring = np.column_stack([0.2 + 0.1 * np.cos(turns), 0.8 + 0.1 * np.sin(turns)])

    found = faces([(curve, curve) for curve in (bend, out, up, ring)], corners)

    lower = 0.4 * 0.45 + 0.3 * 0.55 + 0.3 * 0.5
    assert [face.area for face in found] == pytest.approx([lower, 0.7 - (lower - 0.15), 0.15, 0.01 * np.pi], rel=1e-4)
    assert sum(face.area for face in found[:3]) == pytest.approx(1.0)
    assert found[3].sides == ((3, True),)


def test_curves_that_cross_fall_back_to_the_grid_of_games_and_say_so() -> None:
    figure = labelled("regions as a raster")
    raster = next(trace for trace in figure.data if trace.type == "heatmap")

    assert not [trace for trace in scatters(figure) if trace.fill == "toself"]
    assert np.array_equal(raster.z, region_frame().attrs["grid"]["region"])
    assert any("as on the grid of games" in text.replace("<br>", " ") for text in written(figure))


def test_the_pointer_is_told_a_game_only_where_its_neighbours_answer_alike() -> None:
    frame = frames()["regions"]
    grid = frame.attrs["grid"]
    codes = np.array(grid["region"])
    games = next(trace for trace in live.regions(frame).data if trace.type == "heatmap")
    told = [text for line in games.hovertext for text in line if text]

    assert 0 < len(told) < games.z.size
    places = {(precise(x), precise(y)): (k, j) for j, x in enumerate(grid["x"]) for k, y in enumerate(grid["y"])}
    for text in told:
        x, y = (line.partition(": ")[2] for line in text.split("<br>")[-2:])
        row, column = places[x, y]
        assert text.removeprefix("<b>")[0] == "ABCDEFGHIJKL"[codes[row, column]]
        around = codes[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2]
        assert np.ptp(around) == 0


def test_bars_of_outcomes_end_at_their_shares() -> None:
    frame = frames()["outcomes"]
    ends = ends_of(labelled("outcomes"))

    for _, own in frame.groupby("order", sort=False):
        first = own.sort_values(["upper", "lower", "profile"], ascending=[False, False, True]).iloc[0]
        assert {(0.0, first["lower"]), (first["lower"], first["upper"])} <= ends


def test_bars_and_whiskers_of_drivers_are_the_indices_and_their_intervals() -> None:
    frame = frames()["drivers"]
    own = frame[frame["over"] == "supports"]
    figure = live.drivers(frame)
    ends, whiskers = ends_of(figure), whiskers_of(figure)

    for _, row in own.iterrows():
        first, total = (min(max(row[name], 0.0), 1.0) for name in ("first", "total"))
        assert {(0.0, first), (first, max(first, total))} <= ends
        assert (max(row["total_low"], 0.0), min(row["total_high"], 1.0)) in whiskers
        assert any(end == min(row["noise_floor"], max(first, total)) for _, end in ends)


def test_bars_of_a_tornado_span_the_values_of_the_frame() -> None:
    own = frames()["tornado"]
    own = own[own["order"] == own["order"].iloc[0]]
    ends = ends_of(labelled("tornado"))

    for _, row in own.iterrows():
        for place in ("low", "high"):
            values = [row[f"{end}_at_{at}"] for end in ("lower", "upper") for at in (place, "central")]
            assert (min(values), max(values)) in ends


def test_tips_stand_at_the_values_of_the_frame() -> None:
    frame = frames()["tip"]
    (ticks,) = [trace for trace in scatters(labelled("tip")) if trace.mode == "markers"]

    assert sorted(ticks.x) == sorted(value for _, own in frame.groupby("order") for value in own["value"].unique())
    for value, text in zip(ticks.x, ticks.hovertext, strict=True):
        assert precise(value) in text
        assert "binding:" in text.replace("<br>", " ")


def test_a_rainbow_places_tips_in_their_range_and_tells_their_values() -> None:
    figure = labelled("rainbow")
    ticks = next(trace for trace in scatters(figure) if trace.marker.symbol == "line-ns-open")
    wanted = []
    for frame in frames()["rainbow"]:
        low, high, name = (frame.attrs[key] for key in ("low", "high", "parameter"))
        values = frame[frame["order"] == "simultaneous"]["value"].unique()
        places = np.log(values / low) / np.log(high / low) if name == X else (values - low) / (high - low)
        wanted += list(zip(places.tolist(), map(precise, values), strict=True))

    found = sorted(zip(ticks.x, ticks.hovertext, strict=True))
    assert [place for place, _ in found] == pytest.approx(sorted(place for place, _ in wanted), abs=1e-12)
    for (_, text), (_, value) in zip(found, sorted(wanted), strict=True):
        assert value in text


def test_a_rainbow_without_frames_or_order_says_so() -> None:
    with pytest.raises(InputError, match="expected at least one frame"):
        live.rainbow([])
    with pytest.raises(UnknownNameError, match="no tipping points in order 'russa'; expected one of simultaneous"):
        live.rainbow(frames()["tip"], order="russa")


def test_a_rainbow_tells_which_parameter_never_changes_the_answer() -> None:
    still = frames()["tip"].iloc[:0]
    still.attrs = {**frames()["tip"].attrs, "parameter": "win_chance", "parameters": {"win_chance": 0.05}}
    figure = live.rainbow([frames()["tip"], still])

    assert "1 of 2 parameters, moved alone, changes the answer" in live.message(figure)
    assert any("No value in its range changes the answer: win chance." in text.replace("<br>", " ")
               for text in written(figure))  # fmt: skip


def test_response_curves_hold_the_shares_and_bands_of_the_frame() -> None:
    frame = frames()["response_curves"]
    lines = {tuple(np.asarray(trace.y, float)[:-1]) for trace in labelled("response_curves").data
             if trace.mode == "lines" and len(trace.x) > 2}  # fmt: skip
    own = frame[(frame["order"] == "simultaneous") & (frame["parameter"] == X)]
    often = own.groupby("profile")["share"].mean().sort_values(ascending=False).index[:3]

    for profile in often:
        rows = own[own["profile"] == profile].sort_values("low")
        for column in ("share", "share_low", "share_high"):
            assert tuple(rows[column]) in lines


def test_choice_curves_hold_the_shares_of_the_frame() -> None:
    frame = frames()["choice_curves"]
    found = [(tuple(trace.x), tuple(trace.y)) for trace in labelled("choice_curves").data if len(trace.x) > 1]
    own = frame[frame["order"] == frame["order"].iloc[0]]

    for _, rows in own.sort_values("limit").groupby("action"):
        for end in ("lower", "upper"):
            assert (tuple(rows["limit"]), tuple(rows[end])) in found


def test_choices_tell_every_action_under_every_criterion() -> None:
    frame = frames()["choices"]
    told = [text for trace in labelled("choices").data if trace.type == "bar" for text in trace.hovertext]

    for (_, _), rows in frame.groupby(["criterion", "order"], sort=False):
        if rows["criterion"].iloc[0] not in ("satisficing", "domain"):
            values = [precise(float(value)) for value in rows["lower"]]
            assert any(all(value in text for value in values) for text in told)


@pytest.mark.parametrize("name", LIVE)
def test_colour_never_stands_alone(name: str) -> None:
    figure = labelled(name)
    looks = []
    for trace in figure.data:
        if trace.showlegend is False or not trace.name or "as on the grid" in trace.name.replace("<br>", " "):
            continue
        lettered = trace.name[:2].rstrip(":").isalnum() and ":" in trace.name[:3]
        line = (trace.line.dash, trace.marker.symbol, trace.line.width) if trace.type == "scatter" else ()
        pattern = trace.marker.pattern.shape if trace.type == "bar" else trace.fillpattern.shape
        looks.append((trace.name[:2] if lettered else "", pattern, line))

    apart = [look for look in looks if look[2][2:] != (0,)]  # lines of no width are notes
    assert len(set(apart)) == len(apart)


@pytest.mark.parametrize("name", LIVE)
def test_no_label_can_write_markup(name: str) -> None:
    texts = written(hostile(name))

    assert any(mark in text for text in texts for mark in ("&lt;", "&#36;", "&#37;"))
    for text in texts:
        plain = text.replace("<extra></extra>", "").replace("%{x:,.8~g}", "").replace("%{y:,.8~g}", "")
        for tag in ("<br>", "<b>", "</b>"):
            plain = plain.replace(tag, "")
        assert "<" not in plain
        assert "%{" not in plain
        assert "$" not in plain


@pytest.mark.parametrize(
    "name", ["outcomes", "drivers", "response_curves", "tornado", "choices", "choice_curves", "tip"]
)
def test_a_frame_without_rows_is_met_as_by_the_static_figure(name: str) -> None:
    empty = frames()[name].iloc[:0]

    def met(draw: Callable[..., Any]) -> str:
        try:
            draw(empty)
        except InputError as error:
            return str(error)
        return "drawn"

    with figures.off_screen():
        assert met(getattr(live, name)) == met(getattr(figures, name))


def test_a_map_of_one_answer_is_one_area() -> None:
    frame = two_answers().iloc[:0]
    frame.attrs["outcomes"], frame.attrs["grid"]["region"] = ["hold, hold"], np.zeros((24, 24), dtype=int).tolist()
    figure = live.regions(frame)

    assert live.message(figure).startswith("One answer everywhere")
    (area,) = [trace for trace in scatters(figure) if trace.fill == "toself"]
    assert {*area.x} == {1e-4, 0.1}
    assert {*area.y} == {0.6, 2.5}


def test_a_page_without_plotly_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "plotly", None)

    with pytest.raises(InputError, match=r"need 'plotly', which .*; it comes with pip install '\.\[live\]' in a clone"):
        live.outcomes(frames()["outcomes"])


def test_importing_live_figures_loads_no_library_of_figures() -> None:
    command = "import sys, gametheory.figures.live as live; sys.exit(len({'plotly', 'matplotlib'} & set(sys.modules)))"

    assert subprocess.run([sys.executable, "-c", command], check=False).returncode == 0


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Show figures below each other on one page of some width; what it asks of the network is refused, and fails."""
    page = browser.new_page()
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    page.route(lambda url: not url.startswith("file:"), refuse)

    def shown(drawn_live: list[Figure], width: int) -> Page:
        parts = [own.to_html(full_html=False, include_plotlyjs=not k) for k, own in enumerate(drawn_live)]
        html = f"<!doctype html><meta charset='utf-8'><body>{''.join(parts)}</body>"
        (tmp_path / "figures.html").write_text(html, encoding="utf-8")
        page.set_viewport_size({"width": width, "height": sum(int(own.layout.height) for own in drawn_live) + 100})
        page.goto((tmp_path / "figures.html").as_uri())
        page.wait_for_function(f"document.querySelectorAll('.gtitle').length === {len(drawn_live)}")
        return page

    yield shown
    page.close()
    assert asked == []


def told_at(page: Page, x: float, y: float, aside: float = 0.0) -> str:
    """What the pointer is told at a place of the figure, or some pixels to the right of it."""
    right, down = page.evaluate(PLACE, [x, y])
    page.mouse.move(1, 1)
    page.mouse.move(right + aside, down)
    page.wait_for_timeout(150)
    return str(page.evaluate("document.querySelector('.hoverlayer').textContent"))


PLACE = """([x, y]) => { const own = document.querySelector('.js-plotly-plot'), all = own._fullLayout,
    box = own.getBoundingClientRect();
    return [box.left + all._size.l + all.xaxis.d2p(x), box.top + all._size.t + all.yaxis.d2p(y)]; }"""
TEXTS = """() => [...document.querySelectorAll(".main-svg text")].filter(text => text.textContent.trim())
    .map(text => [text.textContent, text.getBoundingClientRect().left, text.getBoundingClientRect().right])"""
POINT_AT_MANY = """() => Promise.all([...document.querySelectorAll(".js-plotly-plot")].map(async own => {
    const met = own._fullData.filter(all => ["bar", "scatter"].includes(all.type) && all.hoverinfo !== "skip");
    let told = "";
    for (let k = 0; k < met.length; k += Math.ceil(met.length / 12)) {
        const point = {curveNumber: met[k].index, pointNumber: met[k].x.length > 1 ? 1 : 0};
        try { Plotly.Fx.hover(own, [point]); } catch { continue; }
        await new Promise(done => setTimeout(done, 70));  // the library answers no faster
        told += own.querySelector(".hoverlayer").textContent;
    }
    return told;
}))"""
FOREIGN = (
    "[...document.querySelectorAll('.svg-container a, .svg-container img')].filter(own => !own.closest('.modebar'))"
)


@in_browser
@pytest.mark.xdist_group("browser")
def test_no_text_leaves_a_page_as_wide_as_a_notebook_or_a_phone(show: Callable[..., Page]) -> None:
    page = show([labelled(name) for name in LIVE], 900)
    for width in (900, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function("width => [...document.querySelectorAll('.main-svg')].every(own => "
                               "width - 20 <= own.clientWidth && own.clientWidth <= width)", arg=width)  # fmt: skip
        texts = page.evaluate(TEXTS)

        assert len(texts) > 100
        assert not [text for text, left, right in texts if left < 0 or right > width]


@in_browser
@pytest.mark.xdist_group("browser")
@pytest.mark.parametrize("names", [("regions", "tip", "choice_curves"), pytest.param([*LIVE], marks=pytest.mark.slow)])
def test_labels_stay_inert_in_a_browser(show: Callable[..., Page], names: Sequence[str]) -> None:
    page = show([hostile(name) for name in names], 900)
    pointed = page.evaluate(POINT_AT_MANY)

    assert page.evaluate("window.ran") is None
    assert page.evaluate(f"{FOREIGN}.length") == 0
    told = [own.replace(" ", "") for own in pointed]  # lines are broken where there was a space
    texts = [own.replace(" ", "") for own in page.locator(".js-plotly-plot").all_text_contents()]
    literal = [label.replace(" ", "") for label in HOSTILE.values()]
    for name, own, others in zip(names, told, texts, strict=True):
        assert any(label in own for label in literal), name
        assert any(label in others for label in literal), name
    for label in literal:
        assert any(label in own for own in told), label
        assert any(label in own for own in texts), label


def two_answers() -> pd.DataFrame:
    """A map of two answers, parted by one upright boundary."""
    frame = region_frame()
    attrs = {**frame.attrs, "outcomes": ["hold, hold", "fold, hold"]}
    frame = frame[frame["curve"] == 0].copy()
    x = np.array(attrs["grid"]["x"])
    attrs["grid"] = {**attrs["grid"], "region": np.tile((x > 0.01).astype(int), (len(x), 1)).tolist()}
    frame.attrs = attrs
    return frame


@in_browser
@pytest.mark.xdist_group("browser")
def test_the_pointer_is_told_the_answer_on_its_side_of_a_boundary(show: Callable[..., Page]) -> None:
    page = show([live.regions(two_answers())], 900)

    assert told_at(page, 0.01, 1.234).startswith("nato: surge \u2192 limited aid")
    for aside in (16.0, 22.0):
        assert told_at(page, 0.01, 1.234, -aside) == "A: hold / hold"
        assert told_at(page, 0.01, 1.234, aside) == "B: fold / hold"
    for name, aside in (("A: hold / hold", -200.0), ("B: fold / hold", 200.0)):
        assert told_at(page, 0.01, 1.234, aside).startswith(f"{name}escalation risk: ")


@in_browser
@pytest.mark.xdist_group("browser")
def test_one_file_is_a_page_that_offers_to_send_nothing_away(browser: Browser, tmp_path: Path) -> None:
    labelled("outcomes").write_html(tmp_path / "page.html", include_plotlyjs=True)
    page = browser.new_page()
    page.context.set_offline(True)
    page.goto((tmp_path / "page.html").as_uri())
    page.wait_for_selector(".gtitle")
    titles = page.evaluate("[...document.querySelectorAll('.modebar-btn')].map(own => own.dataset.title || '')")
    page.close()

    assert any("Zoom" in title for title in titles)
    assert not [title for title in titles if "hare" in title or "loud" in title]


LONG = {"nato": "A player with a name of some forty letters", "escalation_risk": "Loss in a clash of both the parties"}
LONG |= {name: f"{name} whatever the other side may do about it" for name in ("surge", "concede", "deescalate")}


@in_browser
@pytest.mark.xdist_group("browser")
def test_long_names_below_a_figure_are_all_in_sight(show: Callable[..., Page]) -> None:
    page = show([LIVE["rainbow"]({name: " ".join([text] * 6) for name, text in LONG.items()})], 390)
    bars = "[...document.querySelectorAll('.legend .scrollbar')].map((own) => own.getBoundingClientRect().height)"

    assert page.evaluate(bars) == [0]


def test_a_name_that_a_panel_has_no_room_for_ends_in_dots() -> None:
    heads = [note.text for note in LIVE["response_curves"](LONG).layout.annotations]

    assert sum(text.endswith("\u2026</b>") for text in heads) == 1
    assert not [note.text for note in labelled("response_curves").layout.annotations if "\u2026" in note.text]


def test_text_that_fits_a_phone_fits_its_margins() -> None:
    from gametheory.figures.live.sheet import EDGE

    assert PHONE + 2 * EDGE <= 390 - 16
