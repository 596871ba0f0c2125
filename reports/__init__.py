"""Count, verify, show: from what is stored to numbers that open."""
