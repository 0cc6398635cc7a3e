"""Writing results: tables, summaries and the files they go to."""
