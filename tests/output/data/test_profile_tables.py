"""The tables of figures: every cell worked out by pandas from the inputs alone."""

from __future__ import annotations

import io
import shutil
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.output.data.judged import checked, solved

PRACTICES = """practice_code,practice_name,list_size,easting,northing,region_code,over_75,need
E81001,Westgate,1000,501000,221000,06P,100,1.5
E81002,Market Place,2000,503900,222000,06P,260,2
E81003,Eastfield,3000,506000,221000,06P,150,
E81004,Bridge,1500,502000,221500,06P,200,2.125
E81005,Hill,2500,507500,223000,06P,,1.0
E81006,Church,1800,505000,224000,06P,199,0.3333335
E81007,Hostel,60,505100,224100,06P,0,9
Z00001,Elsewhere,5000,605000,324000,99X,199,9
"""
HOMES = """PRACTICE_CODE,LSOA_CODE,SEX,NUMBER_OF_PATIENTS
E81001,E01000001,ALL,700
E81001,E01000002,ALL,300
E81002,E01000002,ALL,900
E81002,E01000003,ALL,1100
E81003,E01000003,ALL,2000
E81003,E01000004,ALL,4000
E81004,E01000001,ALL,1500
E81006,E01000005,ALL,1800
E81007,E01000005,ALL,60
Z00001,E01000001,ALL,5000
"""
"""Of Eastfield twice as many are counted as are on its list; of Hill nobody is."""

AREAS = """LSOA code (2021),Score,Rural
E01000001,10.5,1
E01000002,20,0
E01000003,30.25,0
E01000005,41.125,1
"""
AGES = """ORG_TYPE,ORG_CODE,POSTCODE,SEX,AGE_GROUP_5,NUMBER_OF_PATIENTS
GP,E81001,LU1 1AA,ALL,ALL,1010
GP,E81002,LU1 1AA,ALL,ALL,2000
GP,E81006,LU1 1AA,ALL,ALL,1800
GP,Z00001,LU1 1AA,ALL,ALL,5000
GP,E81001,LU1 1AA,MALE,0_4,500
GP,E81001,LU1 1AA,FEMALE,95+,510
GP,E81002,LU1 1AA,ALL,0_4,1500
GP,E81002,LU1 1AA,ALL,65_69,500
GP,E81006,LU1 1AA,MALE,70_74,300
GP,E81006,LU1 1AA,MALE,60_64,600
GP,E81006,LU1 1AA,FEMALE,60_64,900
GP,Z00001,LU1 1AA,ALL,60_64,5000
"""
FILES = {"practices.csv": PRACTICES, "homes.csv": HOMES, "areas.csv": AREAS, "ages.csv": AGES}
RULES = """
band: {min: 2500, max: 6000}
data: {atypical: attach, atypical_below: 100}
profile:
  figures:
    - {name: over_75, adds: share, better: low}
    - {name: need, label: Need of care}
    - {name: listed, column: List size, adds: sum}
    - {name: old, column: aged_65_plus, adds: share}
    - {name: deprivation, column: Score, better: low}
    - {name: rural, adds: share}
    - {name: rural_patients, column: Rural, adds: sum}
"""
COLUMNS = {figure: figure for figure in ("over_75", "need", "old")} | {
    "listed": "list_size",
    "deprivation": "Score",
    "rural": "Rural",
    "rural_patients": "Rural",
}
SHARES, MEANS = ("over_75", "old", "rural"), ("need", "deprivation")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("figures")
    for name, text in (FILES | {"rules.yaml": RULES}).items():
        (folder / name).write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        solved(*FILES, "--region", "06P", "--config", "rules.yaml")
    return folder


def table(text: str) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(text))


def by_practice() -> pd.DataFrame:
    """Return what each practice adds to each figure, its base, and whether it is of the region."""
    practices = table(PRACTICES).set_index("practice_code")
    sizes = practices["list_size"]
    homes = table(HOMES).merge(table(AREAS), left_on="LSOA_CODE", right_on="LSOA code (2021)")
    whole = table(HOMES).groupby("PRACTICE_CODE")["NUMBER_OF_PATIENTS"].sum()
    scale = (
        sizes.reindex(homes["PRACTICE_CODE"]).to_numpy()
        / whole.reindex(homes["PRACTICE_CODE"]).to_numpy()
    )
    homes["n"] = homes["NUMBER_OF_PATIENTS"] * scale
    ages = table(AGES).query("AGE_GROUP_5 != 'ALL'")
    ages["old"] = ages["NUMBER_OF_PATIENTS"].where(
        ages["AGE_GROUP_5"].str.extract(r"^(\d+)")[0].astype(int) >= 65, 0
    )
    found = []
    for figure, column in COLUMNS.items():
        if column in ("Score", "Rural"):
            own = homes.assign(amount=homes["n"] * homes[column])
            rows = own.groupby("PRACTICE_CODE")[["amount", "n"]].sum()
        elif figure == "old":
            rows = ages.groupby("ORG_CODE")[["old", "NUMBER_OF_PATIENTS"]].sum()
        else:
            values = practices[column].round(6).dropna()
            base = sizes[values.index]
            rows = pd.DataFrame({0: values * base if figure in MEANS else values, 1: base})
        rows.columns = pd.Index(["amount", "known"])
        found.append(rows.rename_axis("practice_code").reset_index().assign(figure=figure))
    return pd.concat(found)


def figure_of(rows: pd.DataFrame, figure: str) -> tuple[float, int]:
    """Return a figure of some practices, and for how many patients it is known."""
    amount, known = rows["amount"].sum(), round(rows["known"].sum())
    if not known:
        return np.nan, 0
    return (amount / known if figure in (*SHARES, *MEANS) else amount), known


def expected(folder: Path) -> pd.DataFrame:
    """Return the rows of `profile.csv`, but for what the plan calls its networks."""
    groupings = pd.read_csv(folder / "plan" / "groupings.csv")
    sizes = table(PRACTICES)["list_size"].sum()
    rows = []
    for figure, own in by_practice().groupby("figure"):
        of_region = groupings.merge(own, on="practice_code", how="left")
        for network, inside in of_region.groupby("network_id"):
            value, known = figure_of(inside, str(figure))
            patients = int(inside["list_size"].sum())
            rows.append(("network", network, figure, value, patients, known))
        value, known = figure_of(of_region, str(figure))
        rows.append(("region", "", figure, value, int(groupings["list_size"].sum()), known))
        rows.append(("input", "", figure, figure_of(own, str(figure))[0], int(sizes), 0))
        rows[-1] = (*rows[-1][:5], figure_of(own, str(figure))[1])
    columns = ["level", "network_id", "figure", "value", "patients", "patients_known"]
    told = pd.DataFrame(rows, columns=columns)
    is_network = told["level"] == "network"
    values = told["value"].where(is_network).groupby(told["figure"])
    count = values.transform("count")
    told["percentile"] = (100 * (values.rank() - 0.5) / count).where(is_network)
    return told.sort_values(["figure", "level", "network_id"], ignore_index=True)


def test_every_cell_of_the_profile(folder: Path) -> None:
    profile = pd.read_csv(folder / "plan" / "profile.csv", keep_default_na=False, na_values={
        "value": "", "percentile": ""
    })  # fmt: skip
    right = expected(folder)
    networks = pd.read_csv(folder / "plan" / "networks.csv").set_index("network_id")

    own = profile.sort_values(["figure", "level", "network_id"], ignore_index=True)
    pd.testing.assert_frame_equal(own[right.columns], right, atol=1e-6, check_dtype=False)
    is_network = own["level"] == "network"
    names = networks["network_name"].reindex(own.loc[is_network, "network_id"])
    assert own.loc[is_network, "network_name"].tolist() == names.tolist()
    assert {*own.loc[own["level"] != "input", "region_code"]} == {"06P"}
    assert {*own.loc[own["level"] == "input", "region_code"]} == {""}
    adds = {f: "share" if f in SHARES else "mean" if f in MEANS else "sum" for f in COLUMNS}
    assert own["adds"].tolist() == own["figure"].map(adds).tolist()
    labels = {f: f.replace("_", " ").capitalize() for f in COLUMNS} | {"need": "Need of care"}
    assert own["label"].tolist() == own["figure"].map(labels).tolist()
    better = {f: "low" if f in ("over_75", "deprivation") else "" for f in COLUMNS}
    assert own["better"].tolist() == own["figure"].map(better).tolist()
    assert own["value"].isna().any()  # nothing is known of Hill in two figures, and it is alone


def test_every_cell_of_the_spreads(folder: Path) -> None:
    spreads = pd.read_csv(folder / "plan" / "profile_spread.csv").set_index("figure")
    groupings = pd.read_csv(folder / "plan" / "groupings.csv")
    host = groupings["attached_to"].fillna(groupings["practice_code"])
    groupings["unit"] = host.where(host != "", groupings["practice_code"])
    told = expected(folder)
    practices = by_practice()

    assert spreads.index.tolist() == [*dict.fromkeys(pd.read_csv(
        folder / "plan" / "profile.csv")["figure"])]  # fmt: skip
    for figure, row in spreads.iterrows():
        own = told[told["figure"] == figure]
        across = own[own["level"] == "network"].dropna(subset="value")
        values = across["value"]
        right = {
            "region": own.loc[own["level"] == "region", "value"].iloc[0],
            "input": own.loc[own["level"] == "input", "value"].iloc[0],
            "lowest": values.min(),
            "highest": values.max(),
            "p10": values.quantile(0.1),
            "p90": values.quantile(0.9),
            "p90_p10": values.quantile(0.9) / values.quantile(0.1),
            "between": values.std(ddof=0),
            "within": np.nan,
        }
        if not values.quantile(0.1):
            right["p90_p10"] = np.nan
        if figure in (*SHARES, *MEANS):
            right |= spread(groupings, practices[practices["figure"] == figure])
        for column, value in right.items():
            assert row[column] == pytest.approx(value, abs=1e-6, nan_ok=True), (figure, column)
        assert row["lowest_network"] == across.loc[values.idxmin(), "network_id"]
        assert row["highest_network"] == across.loc[values.idxmax(), "network_id"]


def spread(groupings: pd.DataFrame, own: pd.DataFrame) -> Mapping[str, float]:
    """Return the spreads of a mean or share between networks, and of practices within them."""
    rows = groupings.merge(own, on="practice_code")
    units = rows.groupby(["network_id", "unit"])[["amount", "known"]].sum().reset_index()
    sums = units.groupby("network_id")[["amount", "known"]].transform("sum")
    mean = units["amount"].sum() / units["known"].sum()
    of_network = sums["amount"] / sums["known"]
    of_practice = units["amount"] / units["known"]
    return {
        "between": np.average((of_network - mean) ** 2, weights=units["known"]) ** 0.5,
        "within": np.average((of_practice - of_network) ** 2, weights=units["known"]) ** 0.5,
    }


def test_what_practices_add(folder: Path) -> None:
    kept = pd.read_csv(folder / "plan" / "practice_figures.csv", keep_default_na=False)
    codes = {*pd.read_csv(folder / "plan" / "groupings.csv")["practice_code"]}
    right = by_practice()
    right = right[right["practice_code"].isin(codes) & (right["known"] > 0)]

    own = kept[kept["practice_code"] != ""].reset_index(drop=True)
    assert own["column"].tolist() == [
        {**COLUMNS, "listed": "List size", "old": "aged_65_plus", "rural": "rural"}[name]
        for name in own["figure"]
    ]
    own = own.rename(columns={"patients_known": "known"})[
        ["practice_code", "amount", "known", "figure"]
    ]
    right = right.sort_values(["practice_code", "figure"], ignore_index=True)
    pd.testing.assert_frame_equal(own, right, atol=1e-6, check_dtype=False)


@pytest.mark.parametrize("practices", [(), tuple(FILES)])
def test_a_plan_is_judged_with_its_figures(folder: Path, practices: tuple[str, ...]) -> None:
    files = [part for name in practices for part in ("--practices", str(folder / name))]

    code, printed = checked(folder / "plan", *files)

    assert code == 0, printed


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("profile.csv", "region,,,06P,need,Need of care,mean,,1.", "region,,,06P,need,N,mean,,2."),
        ("profile_spread.csv", "need,Need of care,mean", "need,Need of care,sum"),
        ("practice_figures.csv", "E81001,need,need,mean,1500", "E81001,need,need,mean,150"),
    ],
)
@pytest.mark.parametrize("files", [(), tuple(FILES)])
def test_what_is_not_so_in_them_is_noticed(
    folder: Path, tmp_path: Path, name: str, right: str, wrong: str, files: tuple[str, ...]
) -> None:
    plan = shutil.copytree(folder / "plan", tmp_path / "plan")
    text = (plan / name).read_text("utf-8")
    assert right in text
    (plan / name).write_text(text.replace(right, wrong), encoding="utf-8")
    given = [part for each in files for part in ("--practices", str(folder / each))]

    code, printed = checked(plan, *given)

    assert code == 3
    assert name in printed
