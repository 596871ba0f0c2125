"""Measurements; see each module."""
