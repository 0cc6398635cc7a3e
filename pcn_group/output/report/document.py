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

from pcn_group.output.report.markup import data_script, text

__all__ = ["PLOTLY_FILE", "Document", "plotly_script", "render"]

PLOTLY_FILE = "plotly.min.js"
"""The name of plotly.js where pages share it: a file beside them"""

_SCRIPTS = ("theme.js", "tables.js", "map.js", "search.js", "page.js")


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
    """

    title: str
    header: str
    main: str
    contents: Mapping[str, str]
    data: Mapping[str, Any]
    footer: str


def render(document: Document, *, shares_plotly: bool = False) -> str:
    """Give the page.

    The browser is told to fetch nothing, and to run no script but those put in here.

    Parameters
    ----------
    document
        Its content.
    shares_plotly
        Whether plotly.js is in the file `PLOTLY_FILE` beside the page, for many pages together;
        else it is in the page, with about 4.8 MB.
    """
    script = f'"use strict";(() => {{\n{"".join(map(_file, _SCRIPTS))}}})();\n'
    inline = [script] if shares_plotly else [plotly_script(), script]
    allowed = " ".join(map(_hash, inline)) + (" file: 'self'" if shares_plotly else "")
    shared = f'<script src="{PLOTLY_FILE}"></script>\n' if shares_plotly else ""
    links = (
        f'<li><a href="#{name}">{text(heading)}</a></li>'
        for name, heading in document.contents.items()
    )
    return Template(_file("page.html")).substitute(
        policy=f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; "
        "img-src data:; base-uri 'none'; form-action 'none'",
        title=text(document.title),
        style=_file("page.css"),
        header=document.header,
        contents="".join(links),
        main=document.main,
        footer=text(document.footer),
        data="\n".join(data_script(name, values) for name, values in document.data.items()),
        scripts=shared + "\n".join(f"<script>{code}</script>" for code in inline),
    )


@cache
def plotly_script() -> str:
    """Give plotly.js."""
    from plotly.offline import get_plotlyjs  # noqa: PLC0415 - an optional package

    code: str = get_plotlyjs()
    return code


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


@cache
def _file(name: str) -> str:
    return (resources.files("pcn_group.output.report") / name).read_text("utf-8")
