"""Every setting of the project, grouped, with a line of why. `-s NAME=VALUE` overrides any of them."""

from __future__ import annotations

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent

BOT_NAME = "gzh-archive"
SPIDER_MODULES = ["crawler.spiders"]
COMMANDS_MODULE = "crawler.commands"
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
# Of one container (.zip, .jsonl, .warc, ...), records too.
MAX_CONTAINER_MEMBERS = 5_000_000

# --- Boilerplate ----------------------------------------------------------------------------------------------
# Files of the user's own rules, in the format of pipelines/boilerplate/rules/.
RULES: list[str] = []
# The rules that were learned from the archive's own accounts; read if it is there.
LEARNED_RULES = str(PROJECT / "learned-rules.toml")
# Ids of rules to switch off.
DISABLED_RULES: list[str] = []

# --- The way of an item ---------------------------------------------------------------------------------------
ITEM_PIPELINES = {
    "pipelines.validate.ValidatePipeline": 100,
    "pipelines.normalize.NormalizePipeline": 200,
    "pipelines.dedupe.DedupePipeline": 300,
    "pipelines.store.pipeline.StorePipeline": 900,
}
EXTENSIONS = {
    "crawler.extensions.progress.Progress": 100,
    "scrapy.extensions.corestats.CoreStats": 500,
}
# A bar on a terminal; never in a log.
PROGRESS_ENABLED = True
# Few items are in flight when a run is told to stop, so that it ends within seconds.
CONCURRENT_ITEMS = 8

# --- The network road: polite, explicit -----------------------------------------------------------------------
ROBOTSTXT_OBEY = True
USER_AGENT = "gzh-archive (+set CONTACT to an address that the site can reach)"
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 5.0
AUTOTHROTTLE_ENABLED = True
COOKIES_ENABLED = False
METAREFRESH_ENABLED = False
REDIRECT_MAX_TIMES = 3
REFERRER_POLICY = "no-referrer"
DOWNLOAD_MAXSIZE = MAX_CAPTURE_BYTES
DOWNLOAD_WARNSIZE = 8 * 2**20
DOWNLOAD_TIMEOUT = 30
DOWNLOAD_VERIFY_CERTIFICATES = True
# Files are read by the spider, never through a URL that somebody else may have written.
DOWNLOAD_HANDLERS = {"file": None, "ftp": None, "s3": None, "data": None}

# --- The engine -----------------------------------------------------------------------------------------------
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
LOG_LEVEL = "WARNING"
LOG_FORMATTER = "crawler.logformat.ShortLogFormatter"
FEED_EXPORT_ENCODING = "utf-8"
