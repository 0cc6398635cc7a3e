"""The interactive figures of the pages."""
