"""All plans within a tolerance of the best."""
