"""A whole page of HTML: template, style and scripts put together, with nothing left to fetch."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from string import Template
from typing import Any

from pcn_group.output.maps.colours import INK, OUTSIDE, TODAY
from pcn_group.output.report.html.markup import data_script, text

__all__ = ["INDEX_FILE", "PLOTLY_FILE", "Document", "plotly_script", "render"]

PLOTLY_FILE = "plotly.min.js"
"""The name of plotly.js where pages share it"""

_SCRIPTS = ("shared.js", "theme.js", "tables.js", "view.js", "map.js", "search.js")
_STYLES = ("page.css",)
_COLOURS = f":root {{ --today: {TODAY}; --outside: {OUTSIDE}; --on-map: {INK}; }}\n"
"""What maps are drawn in, for their keys"""

INDEX_FILE = "index.html"
"""The name of the page of all regions of a batch"""


@dataclass(frozen=True)
class Document:
    """What goes into the template.

    Attributes
    ----------
    title
        Of the window, as text.
    header, main
        HTML.
    contents
        Links of the navigation: heading by the identifier of its section.
    data
        What the scripts read, by the name of the element it is in.
    footer
        Text.
    scripts, styles
        The files with what this page does and how it looks beside what all pages have, in order.
    """

    title: str
    header: str
    main: str
    contents: Mapping[str, str]
    data: Mapping[str, Any]
    footer: str
    scripts: tuple[str, ...]
    styles: tuple[str, ...] = ()


def render(document: Document, batch: str | None = None) -> str:
    """Return the page.

    The browser is told to fetch nothing, and to run no script but those put in here.

    Parameters
    ----------
    document
        Its content.
    batch
        The folder with the pages of all regions, as this page refers to it: `..` or `.`. There is
        `PLOTLY_FILE`, else it is in the page, with about 4.8 MB; and `INDEX_FILE`, to which the
        page of a region leads back.
    """
    script = (
        f'"use strict";(() => {{\n{"".join(map(_file, (*_SCRIPTS, *document.scripts)))}}})();\n'
    )
    inline = [plotly_script(), script] if batch is None else [script]
    allowed = " ".join(map(_hash, inline)) + ("" if batch is None else " file: 'self'")
    shared = "" if batch is None else f'<script src="{batch}/{PLOTLY_FILE}"></script>\n'
    links = {f"#{name}": heading for name, heading in document.contents.items()}
    if batch == "..":
        links = {f"../{INDEX_FILE}": "All regions", **links}
    return Template(_file("page.html")).substitute(
        policy=f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; "
        "img-src data:; base-uri 'none'; form-action 'none'",
        title=text(document.title),
        style=_COLOURS + "".join(map(_file, (*_STYLES, *document.styles))),
        header=document.header,
        contents="".join(
            f'<li><a href="{target}">{text(heading)}</a></li>' for target, heading in links.items()
        ),
        main=document.main,
        footer=text(document.footer),
        data="\n".join(data_script(name, values) for name, values in document.data.items()),
        scripts=shared + "\n".join(f"<script>{code}</script>" for code in inline),
    )


@cache
def plotly_script() -> str:
    """Return plotly.js."""
    from plotly.offline import get_plotlyjs  # noqa: PLC0415 - an optional package

    code: str = get_plotlyjs()
    return code


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


@cache
def _file(name: str) -> str:
    return (resources.files("pcn_group.output.report") / name).read_text("utf-8")
