"""One region under its rules, prepared in one place."""
