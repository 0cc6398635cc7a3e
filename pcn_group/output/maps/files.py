"""A plan for mapping programs: GeoJSON and GeoPackage, with the attributes of the CSV files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from pcn_group.output.maps.layers import MapLayers
from pcn_group.practices.grid import GRID_WITH_SHIFT

__all__ = ["map_files"]

_DECIMALS = 7
"""Of degrees: a centimetre"""

_WRITTEN = "2000-01-01T00:00:00.000Z"
"""What a GeoPackage must say of when it was written: always the same, so that its bytes are"""

_LAYERS = {"networks": "MultiPolygon", "practices": "Point", "neighbours": "LineString"}


def map_files(layers: MapLayers) -> dict[str, str | bytes]:
    """Return the content of `networks.geojson` (degrees) and `networks.gpkg` (EPSG:27700)."""
    return {"networks.geojson": _geojson(layers), "networks.gpkg": _geopackage(layers)}


def _geojson(layers: MapLayers) -> str:
    """Write features as RFC 7946 has them, one a line: degrees, outer rings counter-clockwise."""
    features = [
        json.dumps(feature, ensure_ascii=False, allow_nan=False)
        for kind, layer in (("network", layers.networks), ("practice", layers.practices))
        for feature in _features(kind, layer)
    ]
    lines = ",\n".join(features)
    return f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}\n'


def _features(kind: str, layer: gpd.GeoDataFrame) -> Iterator[dict[str, Any]]:
    # Normalised outer rings are clockwise, and holes the other way.
    grid = layer.geometry.set_crs(GRID_WITH_SHIFT, allow_override=True)
    ordered = grid.to_crs("EPSG:4326").normalize().reverse()
    rows = layer.drop(columns="geometry").to_dict("records")
    for row, shape in zip(rows, ordered, strict=True):
        known = {str(name): None if pd.isna(value) else value for name, value in row.items()}
        yield {
            "type": "Feature",
            "properties": {"kind": kind, **known},
            "geometry": _rounded(shapely.geometry.mapping(shape)),
        }


def _rounded(values: Any) -> Any:  # noqa: ANN401 - whatever a geometry is made of
    """Round all coordinates; borders stay common, since both sides are rounded alike."""
    if isinstance(values, dict):
        return {key: _rounded(value) for key, value in values.items()}
    if isinstance(values, float):
        return round(values, _DECIMALS)
    return values if isinstance(values, str) else [_rounded(value) for value in values]


def _geopackage(layers: MapLayers) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "networks.gpkg"
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _WRITTEN})
        try:
            for name, kind in _LAYERS.items():
                pyogrio.write_dataframe(
                    getattr(layers, name),
                    path,
                    layer=name,
                    driver="GPKG",
                    geometry_type=kind,
                    promote_to_multi=kind.startswith("Multi"),
                    append=path.exists(),
                )
        finally:
            pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
        return path.read_bytes()
