"""Every setting of the project, grouped, with a line of why. `-s NAME=VALUE` overrides any of them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from crawler.startup import commands_module

PROJECT = Path(__file__).resolve().parent.parent

BOT_NAME = "gzh-archive"
BOT_VERSION = "0.1"
SPIDER_MODULES = ["crawler.spiders"]
COMMANDS_MODULE = commands_module(sys.argv)
ADDONS: dict[str, int] = {}

# --- The database ---------------------------------------------------------------------------------------------
# Beside the project by default; the environment's DATABASE names another for every command.
DATABASE = os.environ.get("DATABASE") or str(PROJECT / "articles.db")
# Seconds to queue for the run lock; 0 gives up at once, with exit code 75.
LOCK_WAIT = 0.0
# The largest the database may grow, in bytes; 0 for no limit. Beyond it a run ends as on a full disk.
MAX_DATABASE_BYTES = 0
# One transaction holds so many items, or so many seconds of work: whichever is reached first.
STORE_GROUP_SIZE = 500
STORE_GROUP_SECONDS = 1.0

# --- What is read ---------------------------------------------------------------------------------------------
# Beyond these a capture is rejected, never cut short. Real pages stay below 5 MB and 60,000 nodes.
MAX_CAPTURE_BYTES = 16 * 2**20
MAX_NODES = 400_000
MAX_DEPTH = 400
# Seconds to read one capture, and again to split its text. A page of 5 MB takes a tenth of one.
MAX_READING_SECONDS = 30.0
# Of one container (.zip, .jsonl, .warc, ...), records too.
MAX_CONTAINER_MEMBERS = 5_000_000

# --- Boilerplate ----------------------------------------------------------------------------------------------
# Files of the user's own rules, in the format of pipelines/boilerplate/rules/.
RULES: list[str] = []
# The rules that were learned from the archive's own accounts; read if it is there.
LEARNED_RULES = str(PROJECT / "learned-rules.toml")
# Ids of rules to switch off.
DISABLED_RULES: list[str] = []

# --- Duplicates -----------------------------------------------------------------------------------------------
# Exact and near pairs whose bodies share so much (0.6 to 1, Jaccard similarity) are linked as duplicates.
DUPLICATE_SIMILARITY = 0.8

# --- Pages ----------------------------------------------------------------------------------------------------
# The questions of one page of `scrapy browse`, SQL of its reader too, may take so many seconds.
BROWSE_SECONDS = 5.0

# --- The way of an item ---------------------------------------------------------------------------------------
ITEM_PIPELINES = {
    "pipelines.validate.ValidatePipeline": 100,
    "pipelines.normalize.NormalizePipeline": 200,
    "pipelines.dedupe.DedupePipeline": 300,
    "pipelines.store.pipeline.StorePipeline": 900,
}
EXTENSIONS = {
    "crawler.extensions.progress.Progress": 100,
    "crawler.extensions.corestats.GroupStats": 500,
}
# Of what Scrapy starts by itself, what is of use here. The telnet console and the remote control run any Python that
# reaches their port, and are not even loaded; crawler/network/pace.py throttles, and never goes below the delay.
EXTENSIONS_BASE = {
    "scrapy.extensions.logcount.LogCount": 0,
    "scrapy.extensions.memusage.MemoryUsage": 0,
    "scrapy.extensions.closespider.CloseSpider": 0,
    "scrapy.extensions.feedexport.FeedExporter": 0,
    "scrapy.extensions.logstats.LogStats": 0,
}
# A bar on a terminal; never in a log.
PROGRESS_ENABLED = True
# No stage waits for anything, so more at a time are no faster; those in flight when a run is told to stop are few.
CONCURRENT_ITEMS = 1

# --- The network road: polite, explicit -----------------------------------------------------------------------
# Only these hosts are asked, by exactly these names, redirects included.
ALLOWED_HOSTS = ["mp.weixin.qq.com"]
# Off: what comes over http may be anybody's.
ALLOW_HTTP = False
# Off: an allowed name must not lead into the private network. A proxy that resolves names to 198.18.x.x needs it on.
ALLOW_PRIVATE_ADDRESSES = False
# A file with the user's own session, readable by nobody else, for the spider of accounts; else WECHAT_... is looked at.
CREDENTIALS = os.environ.get("CREDENTIALS", "")
# Servers of feeds that are the user's own (host or host:port): these may be asked over http and at private addresses.
FEED_HOSTS: list[str] = []
# A server on this machine that stands for the allowed hosts: what `scrapy replay FOLDER` prints. For tests.
REPLAY_SERVER = ""
ROBOTSTXT_OBEY = True
# How the site can reach you, a mail address or a URL; it is sent in the User-Agent. Without it nothing is asked.
CONTACT = os.environ.get("CONTACT", "")
USER_AGENT = f"{BOT_NAME}/{BOT_VERSION}"
CONCURRENT_REQUESTS_PER_DOMAIN = 1
# Seconds between two requests of a host, at least; a robots.txt may ask for more.
DOWNLOAD_DELAY = 5.0
# Up to so much of the delay is added by chance; Scrapy's own would also take some off.
DELAY_JITTER = 0.5
DOWNLOAD_DELAY_JITTER = 0.0
# A host that answers slowly is asked more seldom.
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_MAX_DELAY = 60.0
# Requests of one host in a day (Beijing's), over all runs.
DAILY_BUDGET = 500
# So much of it is kept for articles that are to be looked at again on that day, as far as they need it.
RECHECK_SHARE = 0.25
# A Retry-After of at most so many seconds is waited for; a longer one ends the run.
RETRY_AFTER_MAX = 120.0
# Seconds that a host is left alone after a 429 that does not say for how long.
TOO_MANY_REQUESTS_PAUSE = 3600.0
# Seconds that a host is left alone after it has asked for verification: who goes on asking is kept out for longer.
VERIFICATION_PAUSE = 6 * 3600.0
# On: ask a host although it is to be left alone, once, after its question has been answered by hand.
IGNORE_PAUSE = False
# A URL that failed so often is given up; pipelines/store/backoff.toml says when each next try is.
MAX_ATTEMPTS = 5
# A host that failed so often in a row is asked no more in this run.
HOST_FAILURES = 5
# What doctor may expect of a lease; the next run ends it anyway if its process is dead.
LEASE_SECONDS = 600.0
# Bytes of a look that showed nothing new: `changed` keeps none, `all` keeps them.
KEEP_RAW = "changed"
COOKIES_ENABLED = False
METAREFRESH_ENABLED = False
REDIRECT_MAX_TIMES = 3
# A proxy from the environment would resolve names itself, past the check of their addresses.
HTTPPROXY_ENABLED = False
TWISTED_DNS_RESOLVER = "crawler.network.resolver.PublicAddressResolver"
DOWNLOADER_MIDDLEWARES = {
    # Allows subdomains, and everything to a request that says dont_filter.
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "crawler.middlewares.url_policy.UrlPolicyMiddleware": 50,
    # Takes a robots.txt that cannot be read for permission.
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.middlewares.robots.RobotsMiddleware": 100,
    # Loses requests that are redirected to what was seen.
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "crawler.middlewares.redirects.RedirectsMiddleware": 600,
    "crawler.middlewares.pace.PaceMiddleware": 980,
}
REFERRER_POLICY = "no-referrer"
DOWNLOAD_MAXSIZE = MAX_CAPTURE_BYTES
DOWNLOAD_WARNSIZE = 8 * 2**20
DOWNLOAD_TIMEOUT = 30
DOWNLOAD_VERIFY_CERTIFICATES = True
# Files are read by the spider, never through a URL that somebody else may have written.
DOWNLOAD_HANDLERS = {
    "file": None,
    "ftp": None,
    "s3": None,
    "data": None,
    "http": "crawler.network.handler.NetworkDownloadHandler",
    "https": "crawler.network.handler.NetworkDownloadHandler",
}

# --- The engine -----------------------------------------------------------------------------------------------
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
LOG_LEVEL = "WARNING"
LOG_FORMATTER = "crawler.logformat.ShortLogFormatter"
FEED_EXPORT_ENCODING = "utf-8"
