"""Who lives in which neighbourhood: by areas or by practices, whatever the map is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import geopandas as gpd
import pytest
import shapely

from pcn_group.base.errors import InputError
from pcn_group.base.paths import sha256_of
from pcn_group.config.model import Configuration
from pcn_group.practices import read_practices
from pcn_group.region.region import Region, prepare_region
from tests.practices.practice_inputs import account
from tests.region.mapped import (
    AS_TABLE,
    CENTROIDS,
    EAST_SIDE,
    FILES,
    LISTS,
    LIVING,
    PLACES,
    PRACTICES,
    RESIDENTS,
    SHAPES,
    TABLE,
    WEST,
    mapped,
    polygon,
    shapes,
    told,
    written,
)

BY_AREA = [[1000, 0], [900, 1000], [0, 3000]]
"""Of Market Place 100 patients live in an area that is none"""


def patients(region: Region) -> list[list[int]]:
    assert region.neighbourhoods is not None
    counts: list[list[int]] = region.neighbourhoods.patients.tolist()
    return counts


def faults(folder: Path, names: list[str], changed: dict[str, str], **rules: object) -> list[str]:
    with pytest.raises(InputError) as caught:
        mapped(folder, names, changed, **rules)
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize("files", [(CENTROIDS, SHAPES), (TABLE,), (CENTROIDS, TABLE)])
def test_patients_live_in_the_neighbourhood_of_their_area(
    tmp_path: Path, files: tuple[str, ...]
) -> None:
    region = mapped(tmp_path, [PRACTICES, RESIDENTS, *files])

    assert region.neighbourhoods is not None
    assert region.neighbourhoods.codes == ("N1", "N2")
    assert region.neighbourhoods.names == ("West", "East")
    assert region.neighbourhoods.by == "residents"
    assert patients(region) == BY_AREA
    assert told(region) == {
        "no_neighbourhood": ["E81002 100 of 2,000 patients"],
        "areas_in_none": ["1 area, 100 patients: NO2011"],
    }


@pytest.mark.parametrize("files", [(SHAPES,), (CENTROIDS, TABLE)])
def test_without_areas_patients_count_where_their_practice_stands(
    tmp_path: Path, files: tuple[str, ...]
) -> None:
    region = mapped(tmp_path, [PRACTICES, *files])

    assert region.neighbourhoods is not None
    assert region.neighbourhoods.by == "practices"
    assert patients(region) == [[1000, 0], [2000, 0], [0, 3000]]
    assert any("where it stands" in note for note in region.practices.notes)


def test_patients_of_practices_that_are_left_out_do_not_count(tmp_path: Path) -> None:
    whole = mapped(tmp_path, [PRACTICES, RESIDENTS, CENTROIDS, SHAPES])
    fewer = whole.table.drop(columns="attached_to").iloc[1:].reset_index(drop=True)
    region = prepare_region(replace(whole.practices, table=fewer), whole.configuration)

    assert patients(region) == BY_AREA[1:]


def test_a_list_of_practices_that_says_where_they_stand_is_no_map(tmp_path: Path) -> None:
    lines = [f"{line},E05000001,N1" for line in LISTS.splitlines()]
    lines[0] = lines[0].replace("E05000001,N1", "ward_code,neighbourhood")
    region = mapped(tmp_path, [], {PRACTICES: "\n".join(lines) + "\n"})

    assert len(region.table) == 3
    assert region.neighbourhoods is None


def test_the_rows_of_a_map_are_accounted_for(tmp_path: Path) -> None:
    far = AS_TABLE + "E01000009,N3,Far\n"
    region = mapped(tmp_path, [PRACTICES, RESIDENTS], {TABLE: far})

    assert account(region.practices, TABLE) == {"used": 4, "outside the region": 1}
    assert account(region.practices, RESIDENTS) == {"used": 6, "in an area without a centroid": 1}


def test_the_map_may_be_named_in_the_configuration(tmp_path: Path) -> None:
    (path,) = written(tmp_path, {SHAPES: FILES[SHAPES]})
    region = mapped(tmp_path, [PRACTICES, RESIDENTS, CENTROIDS], map=path)

    assert patients(region) == BY_AREA


def test_of_a_map_and_one_that_is_named_the_latter_counts(tmp_path: Path) -> None:
    other = AS_TABLE.replace("N1", "W").replace("N2", "E")
    (path,) = written(tmp_path, {"other.csv": other})
    region = mapped(tmp_path, [PRACTICES, RESIDENTS, CENTROIDS, SHAPES], map=path)

    assert region.neighbourhoods is not None
    assert region.neighbourhoods.codes == ("E", "W")


def test_there_is_nothing_to_tell_without_a_map(tmp_path: Path) -> None:
    region = mapped(tmp_path, [PRACTICES, RESIDENTS, CENTROIDS])

    assert region.neighbourhoods is None
    assert region.living is None


def test_what_is_counted_by_area_is_scaled_to_the_list(tmp_path: Path) -> None:
    """Of 999 patients 700 and 300 of 1,000 are 699.3 and 299.7: the larger remainder goes up."""
    shorter = LISTS.replace("Westgate,1000", "Westgate,999")
    region = mapped(tmp_path, [RESIDENTS, TABLE], {PRACTICES: shorter})

    assert region.living is not None
    assert region.living.patients.toarray()[0].tolist() == [699, 300, 0, 0, 0]
    assert patients(region)[0] == [999, 0]
    assert patients(region)[1:] == BY_AREA[1:]


def test_a_practice_that_no_area_is_known_of_lives_where_it_stands(tmp_path: Path) -> None:
    without = "".join(line for line in LIVING.splitlines(keepends=True) if "WESTGATE" not in line)
    region = mapped(tmp_path, [PRACTICES, CENTROIDS, SHAPES], {RESIDENTS: without})

    assert patients(region) == BY_AREA


def test_attached_practices_count_with_their_host(tmp_path: Path) -> None:
    rules = Configuration.model_validate(
        {
            "data": {"atypical": "attach", "atypical_below": 1500},
            "band": {"min": 1000, "max": 5000},
        }
    )
    paths = written(tmp_path, {name: FILES[name] for name in (PRACTICES, RESIDENTS, TABLE)})
    region = prepare_region(read_practices(paths, rules=rules), rules)

    assert region.units["practice_code"].tolist() == ["E81002", "E81003"]
    assert patients(region) == [[1900, 1000], [0, 3000]]


def test_neighbourhoods_where_nobody_lives_are_left_out_and_told(tmp_path: Path) -> None:
    far = AS_TABLE + "E01000009,N3,Far\n"
    region = mapped(tmp_path, [PRACTICES, RESIDENTS], {TABLE: far})

    assert patients(region) == BY_AREA
    assert told(region)["neighbourhoods_unused"] == ["1 neighbourhood: Far (N3)"]


def test_areas_that_no_neighbourhood_has_are_told_and_counted_in_none(tmp_path: Path) -> None:
    gap = AS_TABLE.replace("E01000004,N2,East\n", "")
    region = mapped(tmp_path, [PRACTICES, RESIDENTS], {TABLE: gap})

    assert patients(region) == [[1000, 0], [900, 1000], [0, 1000]]
    assert told(region) == {
        "no_neighbourhood": ["E81002 100 of 2,000 patients", "E81003 2,000 of 3,000 patients"],
        "areas_in_none": ["2 areas, 2,100 patients: E01000004, NO2011"],
    }


def test_a_map_of_other_areas_is_refused(tmp_path: Path) -> None:
    other = AS_TABLE.replace("E010000", "E010999")

    assert faults(tmp_path, [PRACTICES, RESIDENTS], {TABLE: other}) == [
        (
            "lsoa-to-neighbourhood.csv: has none of the 5 areas where patients live. It has "
            "E01099901, E01099902, E01099903 and 1 more, and patients live in E01000001, "
            "E01000002, E01000003 and "
            "2 more: give a map with codes of the same kind and year."
        )
    ]


def test_polygons_of_another_region_are_refused(tmp_path: Path) -> None:
    far = shapes(({"code": "N8", "name": "Faraway"}, polygon((90_000, 0, 95_000, 4000))))

    for given in ([PRACTICES], [PRACTICES, RESIDENTS, CENTROIDS]):
        assert faults(tmp_path, given, {SHAPES: far}) == [
            (
                "neighbourhoods.geojson: has no neighbourhood where a patient of the region lives, "
                "but Faraway (N8). Give the map of this region."
            )
        ]


def test_practices_far_from_all_areas_of_a_table_stand_in_none_of_them(tmp_path: Path) -> None:
    far = PLACES.replace(",221000", ",261000").replace(",222000", ",262000")

    assert faults(tmp_path, [PRACTICES], {TABLE: AS_TABLE, CENTROIDS: far}) == [
        (
            "lsoa-to-neighbourhood.csv: has no neighbourhood where a patient of the region lives, "
            "but West (N1), East (N2). Give the map of this region."
        )
    ]


def test_an_area_in_two_neighbourhoods_is_refused(tmp_path: Path) -> None:
    twice = AS_TABLE + "E01000004,N1,West\n"

    assert faults(tmp_path, [PRACTICES, RESIDENTS], {TABLE: twice}) == [
        (
            "lsoa-to-neighbourhood.csv: has E01000004 in West (N1) and in East "
            "(N2). Keep one row of "
            "the area."
        )
    ]


def test_areas_of_2011_are_found_beside_those_of_2021(tmp_path: Path) -> None:
    both = (
        "LSOA11CD,LSOA21CD,neighbourhood_code\nE01000001,E01000001,N1\nE01000002,E01000002,N1\n"
        "E01000003,E01099903,N2\nE01000004,E01099904,N2\nE01000004,E01099905,N2\n"
    )
    region = mapped(tmp_path, [PRACTICES, RESIDENTS], {TABLE: both})

    assert patients(region) == BY_AREA


MSOAS = "MSOA21CD,neighbourhood_code\nE02000001,N1\nE02000002,N2\n"
LOOKUP = (
    "LSOA21CD,MSOA21CD\nE01000001,E02000001\nE01000002,E02000001\n"
    "E01000003,E02000002\nE01000004,E02000002\n"
)


def test_larger_areas_need_a_look_up(tmp_path: Path) -> None:
    region = mapped(tmp_path, [PRACTICES, RESIDENTS], {TABLE: MSOAS, "lookup.csv": LOOKUP})

    assert patients(region) == BY_AREA


def test_larger_areas_may_be_told_beside_the_centroids(tmp_path: Path) -> None:
    msoas = ["MSOA21CD", "E02000001", "E02000001", "E02000002", "E02000002"]
    lines = zip(FILES[CENTROIDS].splitlines(), msoas, strict=True)
    told_there = "".join(f"{line},{msoa}\n" for line, msoa in lines)
    changed = {TABLE: MSOAS, CENTROIDS: told_there}

    assert patients(mapped(tmp_path, [PRACTICES, RESIDENTS], changed)) == BY_AREA


def test_larger_areas_without_a_look_up_are_refused(tmp_path: Path) -> None:
    assert faults(tmp_path, [PRACTICES, RESIDENTS], {TABLE: MSOAS}) == [
        (
            "lsoa-to-neighbourhood.csv, column MSOA21CD: names E02000001, "
            "E02000002, and no file says "
            "which LSOAs are there. Give the look-up of LSOAs to them among the inputs, such as "
            "LSOA21CD and MSOA21CD, or add the LSOAs to the table."
        )
    ]


def test_a_table_alone_does_not_say_where_practices_stand(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, [PRACTICES], {TABLE: AS_TABLE})

    assert "nothing says who lives there" in fault


def test_two_maps_are_refused(tmp_path: Path) -> None:
    assert faults(tmp_path, [PRACTICES, RESIDENTS, SHAPES, TABLE], {}) == [
        (
            "neighbourhoods.geojson: is a map of neighbourhoods, and so is "
            "lsoa-to-neighbourhood.csv. "
            f"Keep one, or name it with --set neighbourhoods.map={tmp_path / TABLE}."
        )
    ]


def test_a_point_that_two_polygons_have_is_refused(tmp_path: Path) -> None:
    wide = shapes(
        ({"code": "N1"}, polygon((0, 0, 5500, 4000))), ({"code": "N2"}, polygon(EAST_SIDE))
    )

    assert faults(tmp_path, [PRACTICES, RESIDENTS, CENTROIDS], {SHAPES: wide}) == [
        "neighbourhoods.geojson: has E01000003 in N1 and in N2. Draw it so that none overlap there."
    ]


def test_odd_polygons_are_told(tmp_path: Path) -> None:
    """N1 is two polygons, one of which crosses itself; N2 overlaps it, away from all centroids."""
    bow = {"type": "Polygon", "coordinates": [[*polygon((0, 0, 2000, 4000))["coordinates"][0]]]}
    corners = bow["coordinates"][0]
    bow["coordinates"][0] = [corners[k] for k in (0, 1, 2, 3, 0)]
    bow["coordinates"][0].insert(3, [corners[2][0] - 500, corners[2][1] - 5000])
    drawn = shapes(
        ({"code": "N1", "name": "West"}, bow),
        ({"code": "N1", "name": "West"}, polygon((2000, 0, 4200, 4000))),
        ({"code": "N2", "name": "East"}, polygon(EAST_SIDE)),
        ({"code": "N9", "name": "Nowhere"}, {"type": "Polygon", "coordinates": []}),
    )
    region = mapped(tmp_path, [PRACTICES, RESIDENTS, CENTROIDS], {SHAPES: drawn})
    found = told(region)

    assert found["neighbourhood_joined"] == ["N1: 2 polygons of one code"]
    assert found["neighbourhood_overlap"] == ["N1 and N2: 0.80 km2 in common"]
    assert found["neighbourhood_empty"] == ["N9: the polygon is empty"]
    (mended,) = found["neighbourhood_mended"]
    assert mended.startswith("N1: Self-intersection")


def test_a_practice_outside_all_polygons_counts_in_none(tmp_path: Path) -> None:
    small = shapes(({"code": "N1"}, polygon(WEST)))
    region = mapped(tmp_path, [PRACTICES], {SHAPES: small})

    assert patients(region) == [[1000], [2000], [0]]
    assert told(region) == {"no_neighbourhood": ["E81003 3,000 of 3,000 patients"]}


def test_a_column_that_is_named_must_be_there(tmp_path: Path) -> None:
    bare = shapes(({}, polygon(WEST)))

    assert faults(tmp_path, [PRACTICES], {SHAPES: bare}, code="INT_CODE") == [
        "neighbourhoods.code: is no column of neighbourhoods.geojson ('INT_CODE'). It has none."
    ]


def test_codes_may_be_numbers_and_words(tmp_path: Path) -> None:
    drawn = shapes(({"code": 12}, polygon(WEST)), ({"code": "N2"}, polygon(EAST_SIDE)))
    region = mapped(tmp_path, [PRACTICES], {SHAPES: drawn})

    assert region.neighbourhoods is not None
    assert region.neighbourhoods.codes == ("12", "N2")


def test_columns_that_could_be_the_code_are_named(tmp_path: Path) -> None:
    wards = shapes(({"WD25CD": "E05", "WD25NM": "Barnfield", "UTLACD": "E06"}, polygon(WEST)))

    assert faults(tmp_path, [PRACTICES], {SHAPES: wards}) == [
        (
            "neighbourhoods.geojson: has several columns that could be the code: "
            "WD25CD, UTLACD. Name "
            "one with --set neighbourhoods.code=WD25CD."
        )
    ]
    region = mapped(tmp_path, [PRACTICES], {SHAPES: wards}, code="wd25cd")
    assert region.neighbourhoods is not None
    assert region.neighbourhoods.names == ("Barnfield",)


@pytest.mark.parametrize(
    ("properties", "rules", "problem"),
    [
        ({}, {}, "has no code of the neighbourhoods, but nothing"),
        ({"colour": "red"}, {}, "has no code of the neighbourhoods, but colour"),
        ({"code": "N1"}, {"code": "INT"}, "neighbourhoods.code: is no column of"),
        ({"code": None}, {}, "has a polygon without a code"),
    ],
)
def test_shapes_without_a_code_are_refused(
    tmp_path: Path, properties: dict[str, object], rules: dict[str, str], problem: str
) -> None:
    drawn = shapes((properties, polygon(WEST)))

    (fault, *_) = faults(tmp_path, [PRACTICES], {SHAPES: drawn}, **rules)
    assert problem in fault


def test_one_code_has_one_name(tmp_path: Path) -> None:
    named = AS_TABLE.replace("E01000004,N2,East", "E01000004,N2,Far East")

    assert faults(tmp_path, [PRACTICES, RESIDENTS], {TABLE: named}) == [
        (
            "lsoa-to-neighbourhood.csv: calls the neighbourhood N2 both East and "
            "Far East. Give two "
            "neighbourhoods two codes."
        )
    ]


def geopackage(path: Path, *layers: str) -> Path:
    drawn = {"code": ["N1", "N2"], "name": ["West", "East"]}
    boxes = [shapely.geometry.shape(polygon(box)) for box in (WEST, EAST_SIDE)]
    for layer in layers:
        gpd.GeoDataFrame(drawn, geometry=boxes, crs=27700).to_file(path, layer=layer)
    return path


@pytest.mark.parametrize("layers", [("hoods",), ("roads", "neighbourhoods")])
def test_a_geopackage_has_one_layer_or_one_of_that_name(
    tmp_path: Path, layers: tuple[str, ...]
) -> None:
    path = geopackage(tmp_path / "map.gpkg", *layers)
    region = mapped(tmp_path, [PRACTICES, RESIDENTS, CENTROIDS], map=path)

    assert patients(region) == BY_AREA


def test_of_several_other_layers_none_is_guessed(tmp_path: Path) -> None:
    path = geopackage(tmp_path / "map.gpkg", "hoods", "teams")

    assert faults(tmp_path, [PRACTICES], {}, map=path) == [
        (
            "map.gpkg: has several layers: hoods, teams. Export the one that is meant, or call it "
            "neighbourhoods."
        )
    ]


def shapefile(folder: Path) -> Path:
    """The map of two neighbourhoods as a shapefile, whose names have ten letters at most."""
    (path,) = written(folder, {SHAPES: FILES[SHAPES]})
    frame = gpd.read_file(path).rename(
        columns={"neighbourhood_code": "HOOD_CD", "neighbourhood_name": "HOOD_NM"}
    )
    path.unlink()
    frame.to_file(folder / "map.shp")
    return folder / "map.shp"


@pytest.mark.parametrize("is_zipped", [False, True])
def test_a_shapefile_is_read_with_the_files_beside_it(tmp_path: Path, is_zipped: bool) -> None:  # noqa: FBT001
    path = shapefile(tmp_path)
    if is_zipped:
        with ZipFile(tmp_path / "map.zip", "w") as package:
            for each in sorted(tmp_path.glob("map.*")):
                if each.suffix != ".zip":
                    package.write(each, f"map/{each.name}")
                    each.unlink()
        path = tmp_path / "map.zip"
    names = [PRACTICES, RESIDENTS, CENTROIDS]
    written(tmp_path, {name: FILES[name] for name in names})
    practices = read_practices([*(tmp_path / name for name in names), path])
    of_shapefile = prepare_region(practices, Configuration()).neighbourhoods
    expected = mapped(tmp_path, [*names, SHAPES]).neighbourhoods

    assert of_shapefile is not None
    assert expected is not None
    assert (of_shapefile.codes, of_shapefile.names) == (expected.codes, expected.names)
    assert of_shapefile.patients.tolist() == expected.patients.tolist()


@pytest.mark.parametrize(
    ("missing", "what"),
    [
        (".shx", "says where each shape begins"),
        (".dbf", "says what each shape is"),
        (".prj", "says which coordinates these are"),
    ],
)
def test_what_is_missing_beside_a_shapefile_is_told(
    tmp_path: Path, missing: str, what: str
) -> None:
    path = shapefile(tmp_path)
    path.with_suffix(missing).unlink()

    assert faults(tmp_path, [PRACTICES], {}, map=path) == [
        (
            f"map.shp: has no {missing} beside it, which {what}. Give all of its files in one "
            "folder, or in one zip archive: .shp, .shx, .dbf and .prj."
        )
    ]


@pytest.mark.parametrize("changed", [".cpg", ".dbf", ".prj", ".shp", ".shx"])
def test_a_shapefile_is_known_by_all_of_its_files(tmp_path: Path, changed: str) -> None:
    path = shapefile(tmp_path)
    written(tmp_path, {PRACTICES: LISTS})

    def known_by() -> str:
        sources = {each.name: each for each in read_practices([tmp_path / PRACTICES, path]).sources}
        assert sources["map.shp"].sha256 == sha256_of(path)
        return sources["map.shp"].sha256

    before = known_by()
    with path.with_suffix(changed).open("ab") as file:
        file.write(b" ")

    assert known_by() != before


def test_what_only_makes_a_shapefile_quicker_to_search_is_no_part_of_it(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    before = sha256_of(path)
    path.with_suffix(".qix").write_bytes(b"an index")

    assert sha256_of(path) == before


def test_of_several_shapefiles_in_an_archive_none_is_guessed(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "maps.zip", "w") as package:
        package.writestr("a.shp", b"\0\0\x27\x0a")
        package.writestr("b.shp", b"\0\0\x27\x0a")

    assert faults(tmp_path, [PRACTICES], {}, map=tmp_path / "maps.zip") == [
        "maps.zip: has several shapefiles: a.shp, b.shp. Give the one that is meant."
    ]


MSOA_SHAPES = "msoas.geojson"
OF_MSOAS = shapes(
    ({"MSOA21CD": "E02000001", "MSOA21NM": "Somewhere 001"}, polygon((0, 0, 2000, 4000))),
    ({"MSOA21CD": "E02000002", "MSOA21NM": "Somewhere 002"}, polygon((2000, 0, 4000, 4000))),
    ({"MSOA21CD": "E02000003", "MSOA21NM": "Somewhere 003"}, polygon(EAST_SIDE)),
    ({"MSOA21CD": "E02000009", "MSOA21NM": "Elsewhere 001"}, polygon((8000, 0, 9000, 4000))),
)
BY_MSOA = """MSOA21CD,neighbourhood_code,neighbourhood_name
E02000001,N1,West
E02000002,N1,West
E02000003,N2,East
"""


def test_polygons_of_areas_and_a_table_of_them_make_a_map(tmp_path: Path) -> None:
    names = [PRACTICES, RESIDENTS, CENTROIDS]
    together = mapped(tmp_path, names, {MSOA_SHAPES: OF_MSOAS, TABLE: BY_MSOA})
    expected = mapped(tmp_path, [*names, SHAPES])

    assert together.neighbourhoods is not None
    assert expected.neighbourhoods is not None
    assert together.neighbourhoods.names == ("West", "East")
    assert together.neighbourhoods.patients.tolist() == expected.neighbourhoods.patients.tolist()
    assert together.living is not None
    assert together.living.shapes is not None
    assert [shape.area for shape in together.living.shapes] == [16e6, 16e6]
    assert told(together) == told(expected)


def test_areas_of_the_table_that_no_polygon_has_are_told(tmp_path: Path) -> None:
    table = BY_MSOA + "E02000004,N2,East\n"
    region = mapped(tmp_path, [PRACTICES], {MSOA_SHAPES: OF_MSOAS, TABLE: table})
    report = region.practices.data_report
    found = report[report["finding"] == "areas_without_outline"]

    assert found["detail"].tolist() == ["1 area of the table: E02000004"]


def test_polygons_of_other_areas_than_those_of_the_table_are_refused(tmp_path: Path) -> None:
    other = OF_MSOAS.replace("MSOA21CD", "MSOA11CD").replace("E0200000", "E0211111")

    assert faults(tmp_path, [PRACTICES], {MSOA_SHAPES: other, TABLE: BY_MSOA}) == [
        (
            "msoas.geojson: has none of the areas that lsoa-to-neighbourhood.csv is about. It has "
            "E02111111, E02111112, E02111113 and 1 more: give polygons with codes of the same kind "
            "and year."
        )
    ]


def test_a_map_alone_is_no_list_of_practices(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, [SHAPES], {})

    assert fault.startswith("neighbourhoods.geojson: is a map of neighbourhoods, and has no")
