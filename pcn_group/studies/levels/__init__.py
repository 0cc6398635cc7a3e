"""Plans of two levels: networks grouped into larger footprints, and networks divided."""
