"""Maps as pictures and as files for mapping programs."""
