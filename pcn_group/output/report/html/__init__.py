"""HTML: markup, documents, panels."""
