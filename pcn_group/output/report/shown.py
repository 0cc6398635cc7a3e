"""How figures are shown on a page: thousands, decimals, per cent, pounds."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import quote

__all__ = ["figure", "page_of", "percent", "pounds", "thousandths"]


def figure(value: object) -> str:
    """Return a number with commas between thousands and the decimals it has; nothing for None."""
    whole, point, decimals = ("" if value is None else str(value)).partition(".")
    return (
        f"{int(whole):,}{point}{decimals}"
        if whole.lstrip("-").isdigit()
        else f"{whole}{point}{decimals}"
    )


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


def page_of(region: str) -> str:
    """Return the address of a region's page, from that of all regions."""
    return quote(f"{region}/report.html")
