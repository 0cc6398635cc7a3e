"""A page opened in a browser without a network, and what is asked of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page


@dataclass
class Opened:
    """A page, what went wrong on it, and all that it tried to fetch but itself."""

    page: Page
    address: str
    troubles: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)

    def wait_until_drawn(self, timeout: float = 15_000) -> None:
        self.page.wait_for_selector("html[data-ready]", timeout=timeout)

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

    def pixel(self, x: float, y: float) -> tuple[float, float]:
        """Where on the window a place of the map is, in pixels."""
        self.page.locator("#canvas").scroll_into_view_if_needed()
        across, down = self.page.evaluate(
            """([x, y]) => {
                const canvas = document.getElementById("canvas");
                const { xaxis, yaxis } = canvas._fullLayout;
                const { left, top } = canvas.getBoundingClientRect();
                return [left + xaxis._offset + xaxis.l2p(x), top + yaxis._offset + yaxis.l2p(y)];
            }""",
            [x, y],
        )
        return across, down

    def strengths(self) -> list[float]:
        """How much of its colour each network has."""
        found: list[float] = self.page.evaluate(
            """() => document.getElementById("canvas").data
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
    """Open a page as a file, offline; wait until its map is drawn."""
    context = browser.new_context(offline=True, **options)
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
