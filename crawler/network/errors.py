"""Why a request was not made, or its answer not taken. Scrapy hands these to the request's errback."""

from __future__ import annotations

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotSupported,
)

from pipelines.store.backoff import Failure  # noqa: TC001 - the annotation of a public attribute


class NotFetchedError(IgnoreRequest):
    """The request was not made: it waits for another run."""


class RunEndingError(NotFetchedError):
    """The run has been told to stop."""


class BudgetSpentError(NotFetchedError):
    """As many requests as DAILY_BUDGET allows were made of this host today."""


class RobotsForbiddenError(NotFetchedError):
    """robots.txt forbids it, or could not be read; `whole_host` where the latter."""

    def __init__(self, sentence: str, *, whole_host: bool) -> None:
        super().__init__(sentence)
        self.whole_host = whole_host


class VerificationError(NotFetchedError):
    """The site asks for verification instead of answering."""


class RefusedError(IgnoreRequest):
    """The answer leads to where nothing may be fetched, or to nowhere; `kind` says which failure that is."""

    def __init__(self, sentence: str, kind: Failure) -> None:
        super().__init__(sentence)
        self.kind = kind


def failure_of(error: BaseException) -> Failure:
    """The kind of failure that an exception of a download is."""
    if isinstance(error, RefusedError):
        return error.kind
    if isinstance(error, DownloadTimeoutError):
        return "timeout"
    if isinstance(error, CannotResolveHostError):
        return "connection"
    if isinstance(error, NotSupported):
        return "forbidden_url"
    # Both are Scrapy's for a body beyond DOWNLOAD_MAXSIZE: as declared or as it comes, and when it is unpacked.
    if isinstance(error, (DownloadCancelledError, IgnoreRequest)):
        return "too_large"
    return "connection"
