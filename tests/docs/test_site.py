"""The site builds without a warning, leads nowhere that is not there, and needs no network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.depth import some_of
from tests.docs.pages import DOCS, PAGES


class Found(HTMLParser):
    """What a page has to go to, what it loads, and what it goes to and loads elsewhere."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.names: set[str] = {""}
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.feed(page.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.names |= {values[name] for name in ("id", "name") if name in values}
        if tag == "a":
            self.links += [values["href"]] if "href" in values else []
        else:
            self.loaded += [values[name] for name in ("src", "href", "data") if values.get(name)]


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Found]:
    return {path: Found(path) for path in site.rglob("*.html")}


def test_every_page_is_in_the_site(site: Path, pages: dict[Path, Found]) -> None:
    written = {path.relative_to(DOCS) for path in DOCS.rglob("*.md")}
    built = {path.relative_to(site).with_suffix(".md") for path in pages}
    assert built - {Path("404.md")} == written
    home = pages[site / "index.html"].links
    assert {path.with_suffix(".html").as_posix() for path in written} <= {
        link.removeprefix("./") for link in home
    }


def test_no_link_is_dead(site: Path, pages: dict[Path, Found]) -> None:
    dead = [
        (page.name, link)
        for page, found in pages.items()
        if page.name != "404.html"  # its links are from the root of a server
        for link in found.links + found.loaded
        if not urlsplit(link).scheme and not leads_somewhere(site, page, link, pages)
    ]
    assert dead == []


def leads_somewhere(site: Path, page: Path, link: str, pages: dict[Path, Found]) -> bool:
    parts = urlsplit(link)
    target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    if not target.is_relative_to(site) or not target.is_file():
        return False
    return target not in pages or unquote(parts.fragment) in pages[target].names


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_of_the_text_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", page.read_text("utf-8")):
        name, _, anchor = target.partition("#")
        path = page.parent / name if name else page
        if "://" in target:
            continue
        assert path.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.*)$", path.read_text("utf-8"), re.MULTILINE)
            slugs = {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in headings}
            assert anchor in slugs, target


def test_nothing_is_loaded_from_elsewhere(site: Path, pages: dict[Path, Found]) -> None:
    assert [
        (page.name, address)
        for page, found in pages.items()
        for address in found.loaded
        if urlsplit(address).netloc
    ] == []
    for path in site.rglob("*.css"):
        assert (
            re.findall(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", path.read_text("utf-8")) == []
        )


@pytest.fixture
def opened(site: Path, browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """The first page, opened from the folder without a network, and all that it asks for."""
    context = browser.new_context(offline=True)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((site / "index.html").as_uri())
    yield page, asked
    context.close()


def test_the_search_works_from_a_folder(site: Path, opened: tuple[Page, list[str]]) -> None:
    page, asked = opened
    page.keyboard.press("Control+k")
    page.keyboard.type("subset-row")
    found = page.get_by_role("option").filter(has_text="subset").first
    expect(found).to_be_visible()
    found.click()
    page.wait_for_url(f"{(site / 'method' / 'proof.html').as_uri()}*")
    assert all(address.startswith((site.as_uri(), "about:", "data:")) for address in asked)


def test_pages_open_without_a_trouble(
    site: Path, pages: dict[Path, Found], opened: tuple[Page, list[str]]
) -> None:
    page, asked = opened
    troubles: list[str] = []
    page.on("console", lambda told: troubles.append(told.text) if told.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    for path in some_of(sorted(set(pages) - {site / "404.html"})):
        page.goto(path.as_uri())
    assert troubles == []
    assert all(address.startswith((site.as_uri(), "about:", "data:")) for address in asked)
