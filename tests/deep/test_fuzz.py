"""Every reader against spoiled files: none ends but with a code that is documented.

PCN_GROUP_FUZZ_SECONDS is how long it takes in all, PCN_GROUP_FUZZ_SEED what is tried.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("resource", reason="memory is bounded as POSIX systems do it")

from tests.deep.readers import readers
from tests.paths import ROOT

SECONDS = float(os.environ.get("PCN_GROUP_FUZZ_SECONDS", "600"))
SEED = int(os.environ.get("PCN_GROUP_FUZZ_SEED", "1"))


@pytest.mark.deep
@pytest.mark.parametrize(
    "number",
    range(len(readers())),
    ids=[f"{reader.file} by {reader.command.split()[0]}" for reader in readers()],
)
def test_a_reader_ends_well_whatever_it_reads(number: int, tmp_path: Path) -> None:
    last = tmp_path / "last"
    again = ["-m", "tests.deep.fuzz", "--reader", str(number), "--seed", str(SEED)]
    done = subprocess.run(
        [
            *(sys.executable, *again, "--last", str(last)),
            *("--seconds", str(SECONDS / len(readers()))),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    input_again = (
        f"{' '.join(['python', *again])} --only {last.read_text() if last.exists() else 0}"
    )
    assert done.returncode == 0, f"the last input again: {input_again}\n{done.stderr}"
