"""What every spider of lists is built on: albums, accounts and feeds name articles, which become rows of the frontier.

A list is a `ListTask`; a run reads one after the other, and one that fails does not stop the next.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from typing import TYPE_CHECKING, Any

from scrapy import Request

from crawler.exits import NOTE, ArgumentError
from crawler.network.ending import NOTHING_DUE, UNREAD
from crawler.network.errors import NotFetchedError, RobotsForbiddenError, VerificationError
from crawler.network.policy import host_of
from crawler.network.settling import FAILED
from crawler.network.spider import NetworkSpider
from crawler.network.stopping import FORBIDDEN, STOP_AT_ONCE
from crawler.text import tidy_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from scrapy.http import Response

    from crawler.items import Listing, Reading
    from crawler.network.spider import Page
    from pipelines.store.backoff import Failure

_NOBODY = "data:,"
_MOST_NOTES = 8
_LONGEST_NOTE = 300  # characters


def asking_nobody(work: Callable[[], Iterable[Any]]) -> Request:
    """A request that leads to no host, for items that are made here: they come from a callback.

    Only a spider with a handler for `data:` can make it.
    """

    def answer(response: Response) -> Iterable[Any]:  # noqa: ARG001 - there is nothing in it
        return work()

    return Request(_NOBODY, callback=answer, dont_filter=True)


class ListTask(ABC):
    """One list that a run reads: an album, an account's publications, a feed."""

    label: str = ""  # how messages call it; tells nothing private
    host: str = ""  # that is asked for it; "" where nobody is
    source_id: int | None = None  # the row of `sources` that asked for it
    fetches = False  # the articles that it names are fetched in this run
    failed = False  # it was not read to its end
    is_final = False  # another try would find the same

    @abstractmethod
    def begin(self, spider: ListSpider) -> Request | None:
        """The first request; None where there is nothing to ask."""

    def is_end(self, spider: ListSpider, reading: Reading) -> bool:
        """Does an answer tell to ask no more at once?"""
        return NetworkSpider.is_end(spider, reading)


class ListSpider(NetworkSpider):
    """Reads the lists that `tasks` gives. Their articles wait in the frontier, or with `fetch=yes` are fetched too."""

    arguments = frozenset({"fetch"})

    def __init__(self, crawler: Any, arguments: dict[str, str]) -> None:
        """Raises ArgumentError for an argument or a setting that cannot be used."""
        self.notes: list[str] = []
        self.current: ListTask | None = None
        self.refused: list[str] = []  # why lists that were named are not even asked for
        super().__init__(crawler, arguments)
        if arguments.get("fetch", "no") not in {"yes", "no"}:
            raise ArgumentError(f"fetch={arguments['fetch']}: say yes or no")
        self.fetches = arguments.get("fetch") == "yes"
        self.todo: deque[ListTask] = deque(self.tasks())
        self._is_idle = not self.todo and not self.refused

    def tasks(self) -> Iterable[ListTask]:
        """The lists that the user names. Raises ArgumentError."""
        return ()

    def asks_somebody(self) -> bool:
        """Not where all that is read is on this machine."""
        return self.fetches or any(task.host for task in self.todo)

    def names(self) -> list[str]:
        """No URL of an article is named."""
        return []

    # --- what tasks use -------------------------------------------------------------------------------------------

    def ask_list(self, url: str, then: Page, *, headers: dict[str, str] | None = None, **kwargs: Any) -> Request | None:
        """A request for a page of a list; None, which is noted, where its host may not be asked now."""
        if not self._hosts.may_be_asked(url):
            self.note_problem(self._hosts.closed.get(host_of(url), ""), is_failure=False)
            return None
        request = self.ask(url, then, **kwargs)
        return request.replace(headers=headers) if headers else request

    def want_listed(self, listing: Listing) -> int:
        """Puts the articles of a list into the frontier, less those that are deleted; gives how many are new."""
        return self.want_named(entry.url for entry in listing.entries if entry.url and not entry.is_deleted)

    def want_named(self, urls: Iterable[str]) -> int:
        """Puts URLs that the current list names into the frontier; gives how many are new."""
        task = self.current
        now = self.fetches or (task is not None and task.fetches)
        return self.want(urls, source_id=task.source_id if task else None, now=now)

    def note_problem(self, sentence: str, *, is_failure: bool = True) -> None:
        """The current list could not be read to its end."""
        self._fail_current()
        if self.current is not None:
            sentence = f"{self.current.label}: {sentence}"
        if is_failure:
            self.crawler.stats.inc_value(FAILED)
        if sentence not in self.notes:
            self.notes.append(sentence)

    def end_by_site(self, sentence: str, *, host: str, is_final: bool = False) -> None:
        """The site wants no more requests for now; the lists on other hosts go on.

        `is_final`: until somebody does something, another try would find the same.
        """
        self._fail_current()
        if is_final and self.current is not None:
            self.current.is_final = True
            self.crawler.stats.set_value(FORBIDDEN, True)
        self._hosts.close(host, sentence, by_site=True)

    def pause_host(self, url: str, seconds: float, reason: str) -> Any:
        """Leaves a host alone, in later runs too; gives until when."""
        return self._hosts.pause(url, seconds, reason)

    # --- the way of a run -----------------------------------------------------------------------------------------

    def next_request(self) -> Request | None:
        """The first request of the next list."""
        while self.refused:
            self.note_problem(self.refused.pop())
        while self.todo:
            self.current = self.todo.popleft()
            if (request := self.current.begin(self)) is not None:
                return request
            self.settled()
        return None

    def settled(self) -> None:
        """All that the current list asked for is answered and stored."""
        if self.crawler.stats.get_value(STOP_AT_ONCE):
            self._fail_current()
        self.current = None

    def _fail_current(self) -> None:
        """The current list is not read to its end."""
        if self.current is not None and not self.current.failed:
            self.current.failed = True
            self.crawler.stats.inc_value(UNREAD)

    def is_end(self, reading: Reading) -> bool:
        """As the current list says."""
        return self.current.is_end(self, reading) if self.current else super().is_end(reading)

    def _fail(self, failure: Any) -> None:
        row, error = failure.request.cb_kwargs.get("row"), failure.value
        if row is None and isinstance(error, NotFetchedError):
            self._fail_current()
            if not isinstance(error, (RobotsForbiddenError, VerificationError)):
                self.note_problem(str(error), is_failure=False)
        super()._fail(failure)

    def note_failure(self, host: str, row: str | None, kind: Failure, detail: str) -> None:
        """Notes a try that failed; where it is of no row, the current list's."""
        if row is None:
            self.note_problem(detail, is_failure=False)
        super().note_failure(host, row, kind, detail)

    def closed(self, reason: str) -> None:
        """Says which lists were not read, and what waits."""
        super().closed(reason)
        stats = self.crawler.stats
        notes = [tidy_line(note)[:_LONGEST_NOTE] for note in self.notes[:_MOST_NOTES]]
        if len(self.notes) > _MOST_NOTES:
            notes.append(f"{len(self.notes) - _MOST_NOTES} more were not read")
        rest = str(stats.get_value(NOTE, ""))
        if rest and (rest != NOTHING_DUE or self._is_idle):
            notes.append(rest)
        stats.set_value(NOTE, "; ".join(notes))
