"""A whole page of HTML: template, style and scripts put together, with nothing left to fetch.

Figures are shown alike on all pages: thousands, decimals, per cent, pounds.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from pcn_group.output.maps.colours import (
    COAST,
    FOUND,
    INK,
    LAND,
    NEIGHBOURHOOD,
    OUTSIDE,
    TODAY,
    TOWN,
)

__all__ = [
    "Document",
    "change",
    "figure",
    "filled",
    "page_of",
    "percent",
    "pounds",
    "render",
    "thousandths",
    "whole_pounds",
]

_SCRIPTS = ("shared.js", "theme.js", "tables.js", "view.js", "map.js", "search.js")
_COLOURS = (
    f":root {{ --today: {TODAY}; --outside: {OUTSIDE}; --neighbourhood: {NEIGHBOURHOOD}; "
    f"--on-map: {INK}; --map-land: {LAND}; --map-coast: {COAST}; --found: {FOUND}; "
    f"--town: {TOWN}; }}\n"
)
"""What maps are drawn in, for their keys"""

_IN_SCRIPTS = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


@dataclass(frozen=True)
class Document:
    """What a page is made of.

    Attributes
    ----------
    template
        The file with its HTML, which extends `base.html`.
    title
        Of the window, and above all else.
    version
        Of the program.
    values
        What the template shows, by the name that it has there.
    data
        What the scripts read, by the name of the element it is in.
    scripts, styles
        The files with what this page does and how it looks beside what all pages have, in order.
    attribution
        Whose work it rests on, in a sentence, where that has to be said.
    """

    template: str
    title: str
    version: str
    values: Mapping[str, Any]
    data: Mapping[str, Any]
    scripts: tuple[str, ...]
    styles: tuple[str, ...] = ()
    attribution: str = ""


def render(document: Document, index: str | None = None) -> str:
    """Return the page.

    The browser is told to fetch nothing, and to run no script but those put in here.

    Parameters
    ----------
    document
        Its content.
    index
        The page of all regions, as this page refers to it, where it is of one of several.
    """
    script = (
        f'"use strict";(() => {{\n{"".join(map(_file, (*_SCRIPTS, *document.scripts)))}}})();\n'
    )
    return filled(
        document.template,
        {
            **document.values,
            "title": document.title,
            "version": document.version,
            "attribution": document.attribution,
            "policy": f"default-src 'none'; script-src {_hash(script)}; style-src 'unsafe-inline'; "
            "img-src data:; base-uri 'none'; form-action 'none'",
            "style": _COLOURS + "".join(map(_file, ("page.css", *document.styles))),
            "index": index,
            "data": document.data,
            "script": script,
        },
    )


def filled(template: str, values: Mapping[str, Any]) -> str:
    """Return a template filled in with values, by the names that they have there."""
    return _environment().get_template(template).render(values)


@cache
def _environment() -> Environment:
    """Return what fills templates: all values are escaped but for what `base.html` calls safe."""
    environment = Environment(
        loader=PackageLoader("pcn_group.output.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters = (change, figure, percent, pounds, thousandths)
    environment.filters |= {each.__name__: each for each in filters}
    environment.filters["in_script"] = _in_script
    return environment


def _in_script(values: object) -> str:
    """Return data for the scripts of a page; no text in it can end the element it is in."""
    content = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return content.translate(_IN_SCRIPTS)


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


@cache
def _file(name: str) -> str:
    return (resources.files("pcn_group.output.report") / name).read_text("utf-8")


def figure(value: object) -> str:
    """Return a number with commas between thousands and the decimals it has; nothing for None."""
    whole, point, decimals = ("" if value is None else str(value)).partition(".")
    return (
        f"{int(whole):,}{point}{decimals}"
        if whole.lstrip("-").isdigit()
        else f"{whole}{point}{decimals}"
    )


def change(value: float, decimals: int = 0) -> str:
    """Return a number with its sign, even if it is more."""
    return f"{value:+,.{decimals}f}".replace("-", "\N{MINUS SIGN}")


def thousandths(value: float | None) -> str:
    """Return travel to the third decimal, so that the figures of a column align."""
    return "" if value is None else f"{value:,.3f}"


def percent(share: float | None) -> str:
    """Return a share, such as 0.942308, in per cent; nothing where there is none.

    What is not all is less than 100 %.
    """
    if share is None:
        return ""
    return f"{share if share == 1 else min(share, 0.999):.1%}"


def pounds(amount: Decimal) -> str:
    """Return an amount to the penny."""
    return f"£{amount:,.2f}"


def whole_pounds(amount: Decimal) -> str:
    """Return an amount to the pound, for where the pence would be in the way."""
    return f"£{amount.quantize(Decimal(1), ROUND_HALF_UP):,}"


def page_of(region: str) -> str:
    """Return the address of a region's page, from that of all regions."""
    return quote(f"{region}/report.html")
