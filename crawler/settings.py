"""Scrapy settings: every one that is not the default, with its reason.

What differs by site (user agent, delay, time-out) is added in ``crawler.crawl``.
"""

from __future__ import annotations

BOT_NAME = "tinbai"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"

# One request at a time for each site: polite, and the order of a walk is always the same. How
# long each waits is PaceMiddleware's business: Scrapy's own delay knows no Retry-After.
CONCURRENT_REQUESTS = 1
CONCURRENT_REQUESTS_PER_DOMAIN = 1
CONCURRENT_ITEMS = 1  # there are none: the spider hands what it judged to its run itself
DOWNLOAD_DELAY = 0
DOWNLOAD_DELAY_JITTER = 0
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"  # articles in the order of their list

ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "tinbai"

DOWNLOAD_MAXSIZE = 10 * 1024 * 1024  # bytes; the largest article page seen has under 2 MB
DOWNLOAD_WARNSIZE = 0  # what is too large is a row, not a line in a log
# Of the handler that CarefulHandler falls back to where a profile accepts a broken certificate.
DOWNLOAD_VERIFY_CERTIFICATES = False
TWISTED_DNS_RESOLVER = "crawler.connections.PublicResolver"
COMPRESSION_ENABLED = True
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"  # the spider knows what it has asked
RETRY_TIMES = 2  # of robots.txt; for pages see crawler.site_walk
REDIRECT_MAX_TIMES = 5  # likewise

DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "vi,en;q=0.5",
    "Accept-Encoding": "gzip, deflate",  # of these it can be told whether they came whole
}

# The whole chain, in place of Scrapy's: of what is there and switched off Scrapy loads the modules
# (aiohttp, tldextract, requests …), which took most of the time that a small site takes.
DOWNLOADER_MIDDLEWARES_BASE: dict[str, int] = {}
DOWNLOADER_MIDDLEWARES = {
    "crawler.middlewares.HostGuard": 50,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": 100,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": 550,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": 590,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": 600,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": 750,
    "crawler.middlewares.EvidenceMiddleware": 860,  # sees redirects, robots.txt, packed bodies
    "crawler.pacing.PaceMiddleware": 870,
}
SPIDER_MIDDLEWARES_BASE: dict[str, int] = {}
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": 25,
    "scrapy.spidermiddlewares.referer.RefererMiddleware": 700,
}
STATS_CLASS = "scrapy.statscollectors.DummyStatsCollector"  # a run counts for itself

# Ways in and out and counts that nobody uses; with None beside them they would still be loaded.
EXTENSIONS_BASE: dict[str, int] = {}
DOWNLOAD_HANDLERS = {
    "http": "crawler.connections.CarefulHandler",
    "https": "crawler.connections.CarefulHandler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
STATS_DUMP = False
WARN_ON_GENERATOR_RETURN_VALUE = False  # it reads our own source again for each page
LOGSTATS_INTERVAL = 0
LOG_INSTALL_ROOT_HANDLER = False  # the log belongs to the command
