"""How figures are shown on a page: thousands, decimals, per cent, pounds."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import quote

__all__ = ["decimals", "figure", "page_of", "percent", "pounds", "travel_or_count"]


def figure(value: object) -> str:
    """Return a number with commas between thousands and the decimals it has: `12345.60`."""
    whole, point, decimals = str(value).partition(".")
    return f"{int(whole):,}{point}{decimals}" if whole.lstrip("-").isdigit() else str(value)


def decimals(value: str, places: int) -> str:
    """Return a number of a CSV file with as many decimals, so that those of a column align."""
    return f"{float(value):,.{places}f}" if value else ""


def travel_or_count(key: str, value: str) -> str:
    """Return a figure of a plan by its column: travel to the third decimal, as in the CSV files."""
    return decimals(value, 3) if key.startswith(("cost_", "mean_", "max_")) else figure(value)


def percent(share: str) -> str:
    """Return a share of a CSV file, such as `0.942308`, in per cent; nothing where there is none.

    What is not all is less than 100 %.
    """
    if not share:
        return ""
    value = float(share)
    return f"{value if value == 1 else min(value, 0.999):.1%}"


def pounds(amount: Decimal) -> str:
    """Return an amount to the penny."""
    return f"£{amount:,.2f}"


def page_of(region: str) -> str:
    """Return the address of a region's page, from that of all regions."""
    return quote(f"{region}/report.html")
