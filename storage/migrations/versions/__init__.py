"""The steps, numbered; forward only."""
