"""`pcn-group` beside the programs an analyst would otherwise script. See docs/benchmarks.md."""
