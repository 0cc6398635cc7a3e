"""Small inputs for the tests of reading."""

from __future__ import annotations

from pathlib import Path

import pytest

from pcn_group.errors import InputError
from pcn_group.practices import read_practices

HEADER = "practice_code,practice_name,list_size,easting,northing,region_code\n"
LUTON = HEADER + (
    "E81002,Bell House,9500,508900,221300,06P\n"
    "E81001,Wheatfield,7200,507200,223100,06P\n"
    "00L,NULL,88,508000,222000,06P\n"
)
OFFICIAL = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "england-2021"

needs_official_data = pytest.mark.skipif(
    not OFFICIAL.is_dir(), reason="the official extract is not at ../shared/data/england-2021"
)


def written(folder: Path, text: str | bytes, name: str = "practices.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def faults_in(*paths: Path, region: str | None = None) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_practices(paths, region)
    return [str(fault) for fault in caught.value.faults]
