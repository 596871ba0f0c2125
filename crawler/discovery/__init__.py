"""Find articles: lists, feeds and sitemaps, and what lies behind them."""
