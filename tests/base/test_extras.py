"""What is told of an extra that is not installed."""

from __future__ import annotations

import sys

import pytest

from pcn_group.base import extras
from pcn_group.base.errors import InputError
from pcn_group.base.extras import EXTRAS, how_to_install, refuse_missing


@pytest.mark.parametrize(
    ("prefix", "command"),
    [
        ("/home/ann/.local/share/pipx/venvs/pcn-group", 'pipx install --force "pcn-group[excel]"'),
        ("/home/ann/.local/share/uv/tools/pcn-group", 'uv tool install --force "pcn-group[excel]"'),
        ("/home/ann/plans/.venv", 'pip install "pcn-group[excel]"; in a clone of the project: '),
    ],
)
def test_an_extra_is_installed_as_the_program_was(
    monkeypatch: pytest.MonkeyPatch, prefix: str, command: str
) -> None:
    monkeypatch.setattr(sys, "prefix", prefix)
    assert how_to_install("excel").startswith(f"Run: {command}")


@pytest.mark.parametrize("extra", EXTRAS)
def test_each_extra_that_is_missing_is_named_with_what_it_lacks(
    monkeypatch: pytest.MonkeyPatch, extra: str
) -> None:
    refuse_missing(extra, "--asked")
    lacking = EXTRAS[extra].modules[-1]
    monkeypatch.setattr(extras, "find_spec", lambda name: None if name == lacking else object())
    with pytest.raises(InputError) as error:
        refuse_missing(extra, "--asked")
    assert str(error.value).endswith(
        f"--asked: needs {lacking}, not installed here. {how_to_install(extra)}"
    )
