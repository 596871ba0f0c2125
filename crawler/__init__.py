"""Fetch and read: from a website to captures, articles and coverage."""
