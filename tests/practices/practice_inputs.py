"""Small inputs for the tests of reading."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest

from pcn_group.base.errors import InputError
from pcn_group.config.model import Configuration, Data
from pcn_group.practices import Practices, read_practices
from tests.paths import ROOT

HEADER = "practice_code,practice_name,list_size,easting,northing,region_code\n"
LUTON = HEADER + (
    "E81002,Bell House,9500,508900,221300,06P\n"
    "E81001,Wheatfield,7200,507200,223100,06P\n"
    "00L,NULL,88,508000,222000,06P\n"
)
FIXTURES = Path(__file__).resolve().parent / "fixtures"
"""Files of an invented region, in every shape in which they have been published."""

SIZES_2021 = {
    "Z00001": 8_412,
    "Z00002": 12_305,
    "Z00003": 6_977,
    "Z00004": 15_038,
    "Z00005": 412,
    "Z00006": 52_190,
    "Z00007": 4_001,
    "Z00008": 2_950,
}
"""The lists of its practices in January 2021; the last two are in region 00Y, the others in 00X."""

OFFICIAL = ROOT.parent / "shared" / "data" / "england-2021"

REGISTERS = OFFICIAL.parent / "ods"

needs_official_data = pytest.mark.skipif(
    not OFFICIAL.is_dir(), reason="the official extract is not at ../shared/data/england-2021"
)


def written(folder: Path, text: str | bytes, name: str = "practices.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def faults_in(*paths: Path, region: str | None = None, **data: object) -> list[str]:
    rules = Configuration(data=Data.model_validate(data))
    with pytest.raises(InputError) as caught:
        read_practices(paths, region, rules=rules)
    return [str(fault) for fault in caught.value.faults]


def invented(name: str) -> Path:
    """Return a file of the invented region."""
    return FIXTURES / name


def rows_in(name: str) -> list[list[str]]:
    """Return the cells of a file of the invented region."""
    with invented(name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def read_files(
    *files: str | Path, region: str | None = None, exclude: Sequence[str] = (), **data: object
) -> Practices:
    """Read files, those of the invented region by their name, and its postcode directory."""
    paths = [invented(file) if isinstance(file, str) else file for file in files]
    return read_practices(
        [*paths, invented("postcodes.csv")],
        region,
        several_regions=region is None,
        rules=Configuration.model_validate({"data": data, "rules": {"exclude": exclude}}),
    )


def column(practices: Practices, name: str) -> dict[str, object]:
    """Return a column of the practice table by practice code."""
    return dict(zip(practices.table["practice_code"], practices.table[name], strict=True))


def sizes(practices: Practices) -> dict[str, object]:
    """Return the list of each practice."""
    return column(practices, "list_size")


def account(practices: Practices, file: str) -> dict[str, int]:
    """Return the rows of a file: `used`, and those set aside by reason; none of none."""
    rows = practices.data_report[
        (practices.data_report["file"] == file) & (practices.data_report["rows"] != "")
    ]
    counts = zip(rows["detail"].where(rows["detail"] != "", "used"), rows["rows"], strict=True)
    return {reason: int(count) for reason, count in counts if int(count)}


def findings(practices: Practices, kind: str) -> list[tuple[str, ...]]:
    """Return the rows of the report of a kind: code, file, detail and treatment."""
    report = practices.data_report[practices.data_report["finding"] == kind]
    columns = ["practice_code", "file", "detail", "treatment"]
    return list(report[columns].itertuples(index=False, name=None))
