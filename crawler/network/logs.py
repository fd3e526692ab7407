"""The log of a run on the network: no URL in it tells who read, whoever writes the line."""

from __future__ import annotations

import logging
import re

from crawler.network.targets import without_token

_URL = re.compile(r"https?://[^\s\"'<>\\]+", re.IGNORECASE)
# Their advice on broken and large answers does not hold here; every failure is told by the spider.
_MISLEADING = ("scrapy.core.downloader.handlers", "scrapy.downloadermiddlewares.httpcompression")
_formatter = logging.Formatter()


class TokenFilter(logging.Filter):
    """Rewrites the URLs in every message and traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Lets every record pass, less what is nobody's business."""
        record.msg, record.args = stripped(record.getMessage()), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = _formatter.formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = stripped(record.exc_text)
        return True


def stripped(text: str) -> str:
    """`text` with every URL in it less what tells who reads it."""
    return _URL.sub(lambda found: without_token(found[0]), text)


def guard_log() -> None:
    """Puts the filter before every handler of the root logger, once."""
    for name in _MISLEADING:
        logging.getLogger(name).setLevel(logging.ERROR)
    for handler in logging.getLogger().handlers:
        if not any(isinstance(known, TokenFilter) for known in handler.filters):
            handler.addFilter(TokenFilter())
