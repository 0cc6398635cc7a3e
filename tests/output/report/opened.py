"""A page opened in a browser without a network, and what is asked of it."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, ViewportSize

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
        drawn = self.page.locator("html[data-ready]")
        self.eventually(lambda: self.troubles or drawn.count(), 1)

    def open_again(self) -> None:
        """Open the page as for the first time: all is as it was, and nothing is kept."""
        self.page.emulate_media(media="screen", color_scheme="light")
        if self.size:
            self.page.set_viewport_size(self.size)
        self.page.evaluate("localStorage.clear()")
        self.troubles.clear()
        self.fetched.clear()
        self.page.goto(self.address)
        self.wait_until_drawn()

    def resize(self, size: ViewportSize) -> None:
        """Change the window, and wait until all is drawn for it, which is a moment later."""
        self.page.set_viewport_size(size)
        self.page.evaluate(
            "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )

    def restore(self) -> None:
        """Make all as it was when opened, but for the plan chosen and the order of tables.

        Done in the page, where it is not a window's business: after most tests little is changed.
        """
        width, height, is_plain = self.page.evaluate(
            """() => [innerWidth, innerHeight, matchMedia("screen").matches
                && matchMedia("(prefers-color-scheme: light)").matches]"""
        )
        if not is_plain:
            self.page.emulate_media(media="screen", color_scheme="light")
        if self.size and (width, height) != (self.size["width"], self.size["height"]):
            self.resize(self.size)
        self.page.keyboard.press("Escape")
        self.page.evaluate(
            """() => {
                for (const it of document.querySelectorAll("input[data-layer]")) {
                    if (it.checked !== it.defaultChecked) it.click();
                }
                for (const it of document.querySelectorAll("[aria-label='Show the whole map']")) {
                    if (it.checkVisibility()) it.click();
                }
                document.activeElement.blur();
                scrollTo(0, 0);
            }"""
        )

    def eventually(self, read: Callable[[], object], expected: object) -> None:
        """Read, again and again, until it is as expected."""
        end = time.monotonic() + PATIENCE
        while (found := read()) != expected and time.monotonic() < end:
            self.page.wait_for_timeout(20)
        assert found == expected, f"{found!r} is not {expected!r}"

    def marks(self, selector: str, canvas: str = "canvas") -> list[dict[str, Any]]:
        """What such elements of a map say of themselves, those that are not shown left out."""
        found: list[dict[str, Any]] = self.page.evaluate(
            """([selector, canvas]) => [...document.getElementById(canvas)
                .querySelectorAll(selector)].filter((it) => !it.closest(".off"))
                .map((it) => ({ ...it.dataset, text: it.textContent, d: it.getAttribute("d"),
                    fill: it.style.getPropertyValue("--fill") || it.getAttribute("fill"),
                    kind: it.getAttribute("class") ?? "" }))""",
            [selector, canvas],
        )
        return found

    def lines(self, layer: str, canvas: str = "canvas") -> int:
        """How many lines are drawn in a layer of a map."""
        return sum(mark["d"].count("M") for mark in self.marks(f".{layer}", canvas) if mark["d"])

    def place(self, code: str, canvas: str = "canvas") -> tuple[float, float]:
        """Where on the window the circle of a practice is, in pixels."""
        return self._middle(self.page.locator(f"#{canvas} circle[data-code='{code}']"))

    def number(self, network: int, canvas: str = "canvas") -> tuple[float, float]:
        """Where on the window the number of a network is, in pixels."""
        return self._middle(self.page.locator(f"#{canvas} text.number[data-network='{network}']"))

    def _middle(self, it: Locator) -> tuple[float, float]:
        it.scroll_into_view_if_needed()
        box = it.bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def sight(self, canvas: str = "canvas") -> list[float]:
        """What a map shows: west, east, south, north."""
        found: list[float] = self.page.evaluate(
            """(canvas) => {
                const frame = document.getElementById(canvas);
                const { a, e, f } = frame.querySelector(".ground").transform.baseVal
                    .consolidate().matrix;
                return [-e / a, (frame.clientWidth - e) / a,
                    (f - frame.clientHeight) / a, f / a];
            }""",
            canvas,
        )
        return found

    def alone(self, canvas: str = "canvas") -> set[int]:
        """The networks of a map that are in full colour."""
        return {
            int(cell["network"])
            for cell in self.marks(".cell", canvas)
            if "faded" not in cell["kind"] and cell["network"] != "-1"
        }

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
