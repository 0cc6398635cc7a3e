"""What the search works on: instances, columns, links, effort."""
