"""The summary of a plan as plain values: what `summary.json` holds and `--json` prints.

The keys of a configuration are put into words here too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from pcn_group.base.paths import sha256_of
from pcn_group.base.versions import versions
from pcn_group.config.model import Configuration
from pcn_group.config.section import Section, meanings
from pcn_group.geography.roads.storage import attribution
from pcn_group.output.data.budget_files import budget_summary
from pcn_group.output.data.fit_tables import FittedPlan, fit_of_today
from pcn_group.output.data.who_else import who_else_json
from pcn_group.plan.density import exceptions_per_km2
from pcn_group.plan.solved import SolvedPlan
from pcn_group.region.figure_limits import FigureLimit
from pcn_group.region.region import Region
from pcn_group.tables.findings import findings_by_kind

__all__ = [
    "CONTINUED",
    "Rule",
    "beyond_json",
    "credited",
    "made_of",
    "rule_files",
    "rules_of",
    "summary",
    "timed_summary",
]

CONTINUED = "networks_continued"
"""How many networks continue one of today, by the matching that codes, names and moves rest on.

Plans of before version 0.3 say nothing of it: their codes are of another matching, and practices
that move were counted by one of their own."""


def summary(result: SolvedPlan, home: Path | None = None) -> dict[str, Any]:
    """Describe a plan and its proof.

    Nothing in it depends on the clock or on the machine, so that the same input, configuration and
    version give the same bytes.

    Parameters
    ----------
    home
        The folder in which paths are relative; by default the working directory.
    """
    solution, travel = result.solution, result.region.travel
    fitted = FittedPlan.of(result.region, result.networks)
    today, codes = fit_of_today(result.region), result.region.problem.codes
    return {
        "status": solution.status,
        f"cost_patient_{travel.unit}": round(travel.to_unit(solution.cost), 3),
        f"bound_patient_{travel.unit}": round(travel.to_unit(solution.bound), 3),
        "gap": round(result.gap, 6),
        "first_of_equals": solution.is_first if solution.status == "optimal" else None,
        "cost_integer": solution.cost,
        "bound_integer": solution.bound,
        "certificate_verified": result.verified,
        f"mean_{travel.unit}": round(result.mean_travel, 3),
        "networks": len(result.networks),
        "practices": len(result.region.table),
        "patients": result.patients,
        "share_in_band": round(result.share_in_band, 4),
        "exceptions": [
            {
                "network_id": network.network_id,
                "patients": network.patients,
                "reason": network.exception,
            }
            for network in result.exceptions
        ],
        "exceptions_per_km2": exceptions_per_km2(result.region, result.networks),
        "patients_short": solution.short,
        "patients_above": solution.above,
        "beyond_further_bands": beyond_json(
            result.region.problem.figure_limits, result.beyond_further_bands
        ),
        "patients_moved": result.patients_moved,
        "practices_moved": result.practices_moved,
        CONTINUED: result.networks_continued,
        **{
            f"{counts}_moved_bound": result.fewest_moved if counts == result.counts else None
            for counts in ("patients", "practices")
        },
        "misaligned_bound": result.fewest_misaligned,
        "fit": None if fitted is None else fitted.fit.plain,
        "fit_today": None if today is None else today.plain,
        "who_else_moves": None if fitted is None else who_else_json(result.who_else, codes),
        **budget_summary(result.budget),
        **made_of(result.region, home),
        "data_report": findings_by_kind(result.data_report),
        "notes": list(result.region.practices.notes),
        "versions": versions(),
    }


def beyond_json(limits: Sequence[FigureLimit], excesses: Sequence[int]) -> dict[str, float]:
    """Return what is beyond limits on figures, by key, in units of the figure.

    Of a mean or a share it is units of the figure and patients. Limits that end a price or are hard
    have nothing beyond them, and are left out.
    """
    return {
        limit.key: round(limit.in_figure(excess), 3)
        for limit, excess in zip(limits, excesses, strict=True)
        if limit.avoid or limit.price
    }


def made_of(region: Region, home: Path | None = None) -> dict[str, Any]:
    """Return the rules of a region, and the files that it and they are from; `home` as above."""
    return {
        "configuration": region.configuration.portable(home or Path.cwd()).model_dump(
            mode="json", exclude={"search": {"workers"}}
        ),
        "list_date": region.practices.list_date,
        "inputs": [
            {"name": source.name, "sha256": source.sha256, "rows": source.rows}
            for source in region.practices.sources
        ],
        "rule_files": rule_files(region.configuration),
    }


def credited(configuration: Configuration) -> dict[str, str]:
    """Return whose work figures under these rules rest on, where they rest on anybody's."""
    told = attribution(configuration)
    return {"attribution": told} if told else {}


def timed_summary(result: SolvedPlan) -> dict[str, Any]:
    """Describe a plan, and how many seconds each stage of making it took."""
    seconds = {stage: round(value, 3) for stage, value in result.seconds.items()}
    return {**summary(result), "seconds": seconds}


def rule_files(configuration: Configuration) -> list[dict[str, str]]:
    """Return the files that rules name, such as a travel matrix: key, name and SHA-256 of each.

    A file that is gone is left out: of a plan that is stored some are not needed again.
    """
    return [
        {"key": key, "name": path.name, "sha256": sha256_of(path)}
        for key, path in configuration.files().items()
        if path.is_file()
    ]


@dataclass(frozen=True)
class Rule:
    """A key of the configuration.

    Attributes
    ----------
    value, default
        In words.
    plain
        The value as JSON has it.
    section
        What the key is in.
    """

    key: str
    value: str
    default: str
    plain: Any
    section: type[Section]

    @property
    def is_default(self) -> bool:
        """Whether the value is the default."""
        return self.value == self.default

    @property
    def meaning(self) -> str:
        """What the key means."""
        return meanings(self.section)[self.key.rpartition(".")[2]]


def rules_of(configuration: Configuration, *, searched: bool) -> tuple[Rule, ...]:
    """Return all keys of a configuration; those of the search only if that is asked for."""
    plain = configuration.model_dump(mode="json")
    rules = []
    for name, field in type(configuration).model_fields.items():
        if searched or name != "search":
            section, default = getattr(configuration, name), field.default
            rules += [
                Rule(
                    f"{name}.{key}",
                    _in_words(getattr(section, key)),
                    _in_words(getattr(default, key)),
                    plain[name][key],
                    type(section),
                )
                for key in type(section).model_fields
            ]
    return tuple(rules)


def _in_words(value: object) -> str:
    """Return a value of the configuration as one reads it."""
    if value is None or value == ():
        return "none"
    if isinstance(value, BaseModel):
        return ", ".join(f"{key} {_in_words(own)}" for key, own in value)
    if isinstance(value, dict):
        return "; ".join(f"{code} {_in_words(own)}" for code, own in value.items())
    if isinstance(value, tuple):
        inner = [", ".join(one) if isinstance(one, tuple) else _in_words(one) for one in value]
        return "; ".join(inner)
    if isinstance(value, int | float):
        return f"{value:,}" if isinstance(value, int) else f"{value:.10g}"
    return str(value)
