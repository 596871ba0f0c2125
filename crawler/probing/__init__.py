"""Learn to read a site: what its home page leads to, what a profile of it should say, and
whether a profile still fits. Judgement is pure; ``fetching`` alone asks the site."""
