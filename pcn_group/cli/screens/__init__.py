"""What several commands print, and what one prints that is long."""
