"""Budgets: what each network is paid, exact to the penny, reconciling to the region's total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from importlib import resources

import yaml
from pydantic import BaseModel, ConfigDict, field_validator

__all__ = ["BudgetLine", "Tariff", "TariffLine", "budget_lines", "load_tariff", "total"]

PENNY = Decimal("0.01")


class TariffLine(BaseModel):
    """One line of funding.

    Attributes
    ----------
    rate_gbp
        Pounds per unit, in whole pence: written as text in the file, never as a float.
    basis
        What a unit is.
    source
        Document and year the rate was taken from.
    confirmed
        Whether the rate was found in that document.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    description: str
    rate_gbp: Decimal
    basis: str
    paid_to: str
    recurrent: bool
    cash: bool
    source: str
    confirmed: bool

    @field_validator("rate_gbp")
    @classmethod
    def _whole_pence(cls, rate: Decimal) -> Decimal:
        if rate < 0 or rate != rate.quantize(PENNY):
            raise ValueError("a rate is in whole pence")
        return rate.quantize(PENNY)


class Tariff(BaseModel):
    """The lines of one financial year."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    financial_year: str
    lines: tuple[TariffLine, ...]


@dataclass(frozen=True)
class BudgetLine:
    """What one network is paid under one line, in a year."""

    network_id: str
    financial_year: str
    line: TariffLine
    units: int
    amount: Decimal


def load_tariff() -> Tariff:
    """Read the tariff that comes with the package."""
    text = (resources.files("pcn_group.funding") / "tariff-2019-20.yaml").read_text("utf-8")
    return Tariff.model_validate(yaml.safe_load(text))


def budget_lines(tariff: Tariff, patients: Sequence[tuple[str, int]]) -> tuple[BudgetLine, ...]:
    """Work out what each network is paid.

    Parameters
    ----------
    patients
        Network and its registered patients.

    Returns
    -------
    tuple of BudgetLine
        By network in the order given, then by line. Rates are whole pence and units whole
        patients, so no amount is rounded and the networks add up to the region exactly.
    """
    return tuple(
        BudgetLine(network_id, tariff.financial_year, line, units, line.rate_gbp * units)
        for network_id, units in patients
        for line in tariff.lines
    )


def total(lines: Sequence[BudgetLine]) -> Decimal:
    """Add the amounts up, in pounds and pence."""
    return sum((line.amount for line in lines), Decimal(0)).quantize(PENNY)
