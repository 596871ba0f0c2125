"""Learn to read a site from its home page, and whether a profile still fits.

Judgement is pure; only ``fetching`` asks the site.
"""
