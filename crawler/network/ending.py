"""What a run on the network tells at its end: the operator in a sentence or two, the command in stats."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.exits import NOTE
from crawler.network.settling import FAILED
from crawler.network.stopping import STOPPED_BY_SITE
from crawler.times import utc_text
from pipelines.store import frontier
from pipelines.store.database import DatabaseError, connect

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.network.hosts import Hosts

WAITING = "archive/waiting"  # stats: URLs that are still to be fetched
UNREAD = "archive/unread"  # how many lists, or rests of the frontier, were not read to their end
NOT_BEFORE = "archive/not_before"  # UTC text: until when a host is to be left alone
NOTHING_DUE = "nothing is due"
_SEEN_BEFORE = "archive/seen_before"


def tell_what_waits(crawler: Crawler, hosts: Hosts, *, not_again: int) -> None:
    """Sets the stats of what still waits. `not_again`: URLs that were named and not asked for."""
    stats = crawler.stats
    try:
        with closing(connect(Path(crawler.settings["DATABASE"]), read_only=True)) as db:
            left = frontier.waiting(db.conn, utc_text(datetime.now(UTC)))
    except (DatabaseError, sqlite3.Error):
        return  # the run's exit code says so already
    stats.set_value(WAITING, left.count)
    by_site = stats.get_value(STOPPED_BY_SITE)
    notes = [sentence for sentence in hosts.closed.values() if sentence != by_site]
    if not_again > 0:
        stats.inc_value(_SEEN_BEFORE, not_again)
        notes.append(f"{not_again} of the URLs were answered before or wait; -a again=yes asks for them now")
    if left.count:
        when = f", from {utc_text(left.next_at)} on" if left.next_at and not left.due else ""
        notes.append(f"{left.count} URL{' waits' if left.count == 1 else 's wait'} to be fetched{when}")
    elif not hosts.any_answered and not stats.get_value(FAILED):
        notes.append(NOTHING_DUE)
    stats.set_value(NOTE, "; ".join(notes))
