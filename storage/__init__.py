"""Remember: rows, evidence, and the words that the other packages share."""
