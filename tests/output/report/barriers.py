"""What keeps somebody out of a page, as axe-core judges it: each test of a page asks for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.output.report.opened import Opened, opened

EVERYTHING: dict[str, Any] = {"resultTypes": ["violations"]}
"""All rules, told of only where they are broken: the whole report is several megabytes"""

COLOURS = EVERYTHING | {"runOnly": ["color-contrast", "link-in-text-block"]}
"""The rules for which it matters whether a page is light or dark"""

LATER_ROWS = "tbody tr:nth-child(n+9)"


def barriers(
    browser: Browser, folder: Path, name: str = "report.html", *, is_draft: bool = False
) -> list[tuple[str, str, str]]:
    """What is found on a page with all opened, light and dark: the rule, where, and why.

    Of one where changes are tried, that part alone is looked at; of a table, the first rows: the
    others are made alike.
    """
    pytest.importorskip("axe_playwright_python")
    with opened(browser, folder, name) as it:
        if is_draft:
            it.page.get_by_role("button", name="Try changes").click()
        part = {"include": ["#what-if"] if is_draft else ["html"], "exclude": [LATER_ROWS]}
        for details in it.page.locator("details").all():
            details.evaluate("(it) => { it.open = true; }")
        light = _found(it, part, EVERYTHING)
        it.page.emulate_media(color_scheme="dark")
        expect(it.page.locator("html")).to_have_attribute("data-theme", "dark")
        return light + _found(it, part, COLOURS)


def _found(
    it: Opened, part: dict[str, list[str]], rules: dict[str, Any]
) -> list[tuple[str, str, str]]:
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - may be missing

    return [
        (each["id"], str(node["target"]), node.get("failureSummary", ""))
        for each in Axe().run(it.page, context=part, options=rules).response["violations"]
        for node in each["nodes"]
    ]
