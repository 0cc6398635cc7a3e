"""`pcn-group completion`: one command, and the shell completes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def run(home: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name != "SHELL"}
    return subprocess.run(
        [str(Path(sys.executable).with_name("pcn-group")), *arguments],
        env={**kept, "HOME": str(home), "USERPROFILE": str(home), **variables},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize(("shell", "file"), [("bash", ".bashrc"), ("zsh", ".zshrc")])
def test_a_line_is_added_once_and_the_rest_stays(shell: str, file: str, tmp_path: Path) -> None:
    (tmp_path / file).write_text("alias ll='ls -l'", encoding="utf-8")
    for _ in range(2):
        assert run(tmp_path, "completion", SHELL=f"/bin/{shell}").returncode == 0
        lines = (tmp_path / file).read_text("utf-8").splitlines()
        assert lines == [
            "alias ll='ls -l'",
            f'eval "$(_PCN_GROUP_COMPLETE={shell}_source pcn-group)"',
        ]


def test_fish_has_a_file_of_its_own(tmp_path: Path) -> None:
    assert run(tmp_path, "completion", "fish").returncode == 0
    path = tmp_path / ".config" / "fish" / "completions" / "pcn-group.fish"
    assert path.read_text("utf-8") == "_PCN_GROUP_COMPLETE=fish_source pcn-group | source\n"


def test_what_would_be_installed_is_printed(tmp_path: Path) -> None:
    result = run(tmp_path, "completion", "zsh", "--print")
    assert result.stdout == 'eval "$(_PCN_GROUP_COMPLETE=zsh_source pcn-group)"\n'
    assert not list(tmp_path.iterdir())


def test_no_shell_that_it_knows(tmp_path: Path) -> None:
    result = run(tmp_path, "completion", SHELL="/bin/tcsh")
    assert result.returncode == 2
    assert "bash, zsh or fish" in result.stderr


def test_the_shell_is_answered(tmp_path: Path) -> None:
    script = run(tmp_path, _PCN_GROUP_COMPLETE="zsh_source")
    assert script.returncode == 0
    assert "_PCN_GROUP_COMPLETE=zsh_complete" in script.stdout
    asked = {"COMP_WORDS": "pcn-group solve --re", "COMP_CWORD": "2"}
    answer = run(tmp_path, _PCN_GROUP_COMPLETE="bash_complete", **asked)
    assert answer.returncode == 0
    assert answer.stdout.split() == ["plain,--region", "plain,--report"]
    assert answer.stderr == ""
