"""Questions asked by solving again."""
