"""Show a report in one form each; no arithmetic in here."""
