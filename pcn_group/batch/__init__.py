"""Many regions at once: the tasks, the workers, the store that makes runs resumable, the totals."""
