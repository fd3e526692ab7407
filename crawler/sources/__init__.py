"""Where files of captures come from: folders, containers, tables beside them. No Scrapy in here."""

from crawler.sources.files import FileSource
from crawler.sources.limits import SourceLimits

__all__ = ["FileSource", "SourceLimits"]
