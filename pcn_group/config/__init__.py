"""The configuration: its model, loading it, rules, presets, and what is wrong with it."""
