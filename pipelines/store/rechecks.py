"""Which articles are to be looked at again for edits and deletions.

Nothing is stored of it but the source's row: an article is due when it has reached one of the given ages since its last
look. So a run that was killed, or that the site stopped, changes nothing; what it did not see is still due.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.durations import parse_duration
from crawler.items import PASSING_REASONS
from crawler.times import from_utc_text, utc_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from sqlite3 import Connection

DEFAULT_AT = ("1d", "7d", "30d", "180d")
EVERY_ACCOUNT = "*"
_KEY_KINDS = ("biz", "ghid", "alias", "name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recheck:
    """One article to be looked at again."""

    key: str
    url: str
    due_at: str  # UTC text: when it reached the age
    last_look_at: str  # UTC text


def due(db: Connection, target: str, at: Sequence[str], now: datetime) -> list[Recheck]:
    """The articles of an account that are due, those that have waited least first (news is edited early).

    Args:
        db: the database.
        target: a key of `account_keys`, or `EVERY_ACCOUNT`.
        at: ages at which an article is looked at, such as `7d`, from its publication, or its first capture where that
            is earlier or all that is known.
        now: aware.

    An article that is gone for good, or that no URL leads to, is never due. A page that only said something of the
    moment (verification, an expired link) is no look; a look that found the same bytes as before is one, if it
    settled the article's URL in the frontier.
    """
    ages = sorted(map(parse_duration, at))
    found = []
    for key, url, since, last_look_at in _articles(db, target, utc_text(now)):
        start = from_utc_text(since)
        reached = [moment for age in ages if (moment := start + age) <= now]
        if reached and utc_text(reached[-1]) > last_look_at:
            found.append(Recheck(key=key, url=url, due_at=utc_text(reached[-1]), last_look_at=last_look_at))
    found.sort(key=lambda one: one.key)
    found.sort(key=lambda one: one.due_at, reverse=True)
    return found


def account_key(db: Connection, name: str) -> list[str]:
    """The keys (`biz:...`, `ghid:...`, ...) of the accounts that `name` means: a biz, ghid, alias, or name ever used.

    The strongest key of each, so that it means the same account as more becomes known; sorted.
    """
    holders = {
        row[0]
        for row in db.execute(
            "SELECT account_id FROM account_keys WHERE key IN (?, ?, ?, ?, ?) "
            "UNION SELECT account_id FROM account_names WHERE name = ? UNION SELECT id FROM accounts WHERE label = ?",
            (name, *(f"{kind}:{name}" for kind in _KEY_KINDS), name, name),
        )
    }
    keys = []
    for holder in holders:
        own = [row[0] for row in db.execute("SELECT key FROM account_keys WHERE account_id = ?", (holder,))]
        keys += sorted(own, key=lambda key: (_KEY_KINDS.index(key.partition(":")[0]), key))[:1]
    return sorted(keys)


def account_label(db: Connection, key: str) -> str | None:
    """What people call the account of a key, or None where there is none any more."""
    row = db.execute(
        "SELECT a.label FROM account_keys AS k JOIN accounts AS a ON a.id = k.account_id WHERE k.key = ?", (key,)
    ).fetchone()
    return str(row[0]) if row else None


def _articles(db: Connection, target: str, now: str) -> Iterator[tuple[str, str, str, str]]:
    """(key, URL, since when its ages count, last look) of articles that may come back changed."""
    where = "" if target == EVERY_ACCOUNT else f"AND {_OF_ACCOUNT}"
    keys = () if target == EVERY_ACCOUNT else (target,)
    yield from db.execute(_ARTICLES.format(where=where), (now, now, *keys))


_PASSING = ", ".join(f"'{reason}'" for reason in sorted(PASSING_REASONS))
_OF_ACCOUNT = "a.account_id = (SELECT account_id FROM account_keys WHERE key = ?)"
# A time that lies ahead of the clock is no look that has been.
_ARTICLES = f"""
SELECT key, url, min(coalesce(published_at, first_at), first_at),
  max(
    coalesce(captured_at, first_at),
    coalesce((SELECT f.updated_at FROM frontier AS f
              WHERE f.url = found.url AND f.state = 'done' AND f.updated_at <= ?), ''))
FROM (
  SELECT a.key, a.published_at,
    coalesce(a.url, (SELECT u.url FROM urls AS u WHERE u.article_id = a.id AND u.form IN ('long', 'short')
                     ORDER BY u.form, u.url LIMIT 1)) AS url,
    (SELECT min(c.captured_at) FROM captures AS c WHERE c.article_id = a.id) AS first_at,
    (SELECT max(c.captured_at) FROM captures AS c WHERE c.article_id = a.id AND c.captured_at <= ?
     AND NOT (c.outcome = 'notice' AND c.reason IN ({_PASSING}))) AS captured_at
  FROM articles AS a
  WHERE (a.status = 'available' OR EXISTS (SELECT 1 FROM notices AS n WHERE n.article_id = a.id
                                           AND n.reason = a.status AND n.retryable)) {{where}}
) AS found
WHERE url IS NOT NULL AND first_at IS NOT NULL
"""
