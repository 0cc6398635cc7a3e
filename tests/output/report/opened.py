"""A page opened in a browser without a network, and what is asked of it."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, ViewportSize

PATIENCE = 120
"""How long to wait for a page at most, in seconds: the machine may be busy with something else"""


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, which a page should agree with."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(eq=False)
class Opened:
    """A page, what went wrong on it, and all that it tried to fetch but itself."""

    page: Page
    address: str
    troubles: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    size: ViewportSize | None = field(init=False)

    def __post_init__(self) -> None:
        self.size = self.page.viewport_size

    def wait_until_drawn(self) -> None:
        self.page.wait_for_selector("html[data-ready]", timeout=1000 * PATIENCE)

    def wait_until_redrawn(self, *canvases: str) -> None:
        """Wait until a plan that was chosen is drawn on maps, and answers to clicks."""
        self.page.wait_for_function(
            """(canvases) => canvases.every(
                (name) => document.getElementById(name)._ev?.listenerCount("plotly_click"))""",
            arg=canvases or ["canvas"],
        )

    @contextmanager
    def laid_out_anew(self, change: str) -> Iterator[None]:
        """Wait, after what is done here, until plotly tells of such a change of each map."""
        self.page.evaluate(
            """(change) => {
                const waiting = new Set(document.querySelectorAll(".js-plotly-plot"));
                for (const canvas of waiting)
                    canvas.on("plotly_relayout", function told(changes) {
                        if (!(change in changes)) return;
                        waiting.delete(canvas);
                        canvas.removeListener("plotly_relayout", told);
                    });
                window.unchanged = waiting;
            }""",
            change,
        )
        yield
        # A function, as the page lets no text be run as a script.
        self.page.wait_for_function("() => unchanged.size === 0", timeout=1000 * PATIENCE)

    def resize(self, size: ViewportSize) -> None:
        """Change the window, and wait until all is drawn for it, which is a moment later."""
        if size == self.page.viewport_size:
            return
        with self.laid_out_anew("autosize"):
            self.page.set_viewport_size(size)

    def restore(self) -> None:
        """Make all as it was when opened, but for the plan chosen and the order of tables."""
        self.page.emulate_media(media="screen", color_scheme="light")
        if self.size:
            self.resize(self.size)
        self.page.keyboard.press("Escape")
        self.page.evaluate(
            """() => [...document.querySelectorAll("input[data-layer]")]
                .filter((it) => it.checked !== it.defaultChecked).forEach((it) => it.click())"""
        )
        for button in self.page.get_by_role("button", name="Show the whole map").all():
            button.click()
        self.page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")

    def eventually(self, read: Callable[[], object], expected: object) -> None:
        """Read, again and again, until it is as expected."""
        end = time.monotonic() + PATIENCE
        while (found := read()) != expected and time.monotonic() < end:
            self.page.wait_for_timeout(20)
        assert found == expected, f"{found!r} is not {expected!r}"

    def trace(self, layer: str, number: int = 0) -> dict[str, Any]:
        """A trace of the map as plotly has it now."""
        found: dict[str, Any] = self.page.evaluate(
            """([layer, number]) => {
                const traces = document.getElementById("canvas").data;
                const { x, y, text, hovertext, customdata, opacity, marker, visible, meta } =
                    traces.filter((trace) => trace.meta.layer === layer)[number];
                return { x, y, text, hovertext, customdata, opacity, marker, visible, meta };
            }""",
            [layer, number],
        )
        return found

    def pixel(self, x: float, y: float, canvas: str = "canvas") -> tuple[float, float]:
        """Where on the window a place of a map is, in pixels."""
        self.page.locator(f"#{canvas}").scroll_into_view_if_needed()
        across, down = self.page.evaluate(
            """([x, y, name]) => {
                const canvas = document.getElementById(name);
                const { xaxis, yaxis } = canvas._fullLayout;
                const { left, top } = canvas.getBoundingClientRect();
                return [left + xaxis._offset + xaxis.l2p(x), top + yaxis._offset + yaxis.l2p(y)];
            }""",
            [x, y, canvas],
        )
        return across, down

    def strengths(self) -> list[float]:
        """How much of its colour each network has."""
        found: list[float] = self.page.evaluate(
            """() => (document.getElementById("canvas").data ?? [])
                .filter((trace) => trace.meta.layer === "areas").map((trace) => trace.opacity)"""
        )
        return found

    def column(self, table: str, heading: str) -> list[str]:
        """What stands in a column of a section's first table, from top to bottom."""
        cells: list[str] = self.page.evaluate(
            """([table, heading]) => {
                const { tHead, tBodies } = document.querySelector(`#${table} table`);
                const column = [...tHead.rows[0].cells].findIndex(
                    (cell) => cell.textContent === heading);
                return [...tBodies[0].rows].map((row) => row.cells[column].textContent);
            }""",
            [table, heading],
        )
        return cells


@contextmanager
def opened(
    browser: Browser,
    folder: Path,
    name: str = "report.html",
    **options: Any,  # noqa: ANN401 - of the browser
) -> Iterator[Opened]:
    """Open a page as a file, offline and without motion; wait until its map is drawn."""
    context = browser.new_context(offline=True, reduced_motion="reduce", **options)
    try:
        it = Opened(context.new_page(), (folder / name).as_uri())
        it.page.on("console", lambda message: it.troubles.append(message.text))
        it.page.on("pageerror", lambda error: it.troubles.append(str(error)))
        it.page.on("dialog", lambda dialog: it.troubles.append(dialog.message))
        it.page.on(
            "request",
            lambda request: request.url != it.address and it.fetched.append(request.url),
        )
        it.page.goto(it.address)
        it.wait_until_drawn()
        yield it
    finally:
        context.close()
