"""A plan's folder with all that judging it takes, so that one thing at a time can be changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from pcn_group.base.errors import InputError
from pcn_group.cli.check import command as check
from pcn_group.cli.solve import command as solve
from pcn_group.output.data.judgement import Judgement, compared, judge, texts_of
from pcn_group.output.data.made_again import Made, made_again
from pcn_group.plan.case import Case, open_case
from pcn_group.plan.inputs import PlanInputs
from pcn_group.plan.reading import StoredPlan
from pcn_group.verify.rules import Finding
from tests.paths import ROOT

OLD = ROOT / "tests" / "plan" / "version_0_1"
"""What version 0.1 left: the input, and in `plan` the plan; its summaries have no digests."""

HOW = {
    "plain": ("--set", "funding.year=2019/20"),
    "exceptions": ("--set", "data.atypical=attach", "--set", "funding.year=2019/20"),
    "ruled": ("--config", "config.yaml"),
}
PROOF = (ROOT / "docs" / "method" / "proof.md").read_text("utf-8")


@dataclass(frozen=True)
class Prepared:
    """A plan's folder, with all that judging it takes but for what is changed."""

    folder: Path
    case: Case
    plan: StoredPlan
    judgement: Judgement
    made: Made
    texts: dict[str, str]

    @property
    def broken(self) -> set[Finding]:
        return {finding for finding in self.judgement.report.findings if finding.is_broken}

    def is_noticed(self, found: Iterable[Finding]) -> bool:
        """Whether something is broken that is not in the plan as it is."""
        return bool({finding for finding in found if finding.is_broken} - self.broken)

    def is_noticed_in(self, name: str, text: str) -> bool:
        made = Made({k: v for k, v in self.made.tables.items() if k == name}, {})
        return self.is_noticed(compared(self.plan, {name: text}, made))

    def is_noticed_in_summary(self, summary: dict[str, Any]) -> bool:
        made = Made({}, self.made.summary)
        return self.is_noticed(compared(replace(self.plan, summary=summary), self.texts, made))

    def judged(self, summary: dict[str, Any]) -> tuple[Finding, ...]:
        """Judge the same with another summary."""
        return judge(replace(self.case, stored=replace(self.plan, summary=summary))).report.findings


def prepared(folder: Path) -> Prepared:
    case = open_case(str(folder), PlanInputs())
    assert case.stored is not None
    judgement = judge(case)
    assert judgement.claims is not None
    made = made_again(case, case.stored, judgement.report, judgement.claims)
    return Prepared(folder, case, case.stored, judgement, made, texts_of(folder))


def solved(*arguments: str) -> None:
    told = [*arguments, "--out", "plan", "--quiet"]
    CliRunner().invoke(solve, told, catch_exceptions=False, standalone_mode=False)


def checked(folder: Path, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(check, [str(folder), *arguments])
    if isinstance(result.exception, InputError):
        return 2, str(result.exception)
    return result.exit_code, result.stdout
