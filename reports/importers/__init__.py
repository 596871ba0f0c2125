"""Read an office's files: all errors at once, with sheet and cell."""
