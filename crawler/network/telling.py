"""What went wrong, in a few words for people: no class names, nothing private, nothing long."""

from __future__ import annotations

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)

from crawler.network.policy import shown
from crawler.urls import strip_reader


def problem_of(error: BaseException) -> str:
    """What an exception of a download says."""
    if isinstance(error, DownloadTimeoutError):
        return "no answer in time"
    if isinstance(error, CannotResolveHostError):
        return "its name cannot be resolved"
    if isinstance(error, DownloadConnectionRefusedError):
        return "the connection was refused"
    if isinstance(error, ResponseDataLossError):
        return "the answer ended before its end"
    text = str(error) or type(error).__name__
    if isinstance(error, IgnoreRequest):
        return shown(text)
    return shown(f"{type(error).__name__}: {strip_reader(text)}")
