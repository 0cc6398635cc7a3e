"""How far practices are from each other, and which of them are neighbours."""
