"""Do the rows say the same as each other, and as the bytes that they come from?"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import zstandard

from crawler.text import compact, compact_hash
from pipelines.boilerplate.spans import rebuild
from pipelines.store.doctor_case import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.store.doctor_case import Case

_EMPTY = hashlib.sha256(b"").hexdigest()
_CHUNK = 2**16  # bytes
_READ_AGAIN = "`scrapy renormalize --restart` derives it again"


class _Orphan(NamedTuple):
    fact: str
    remedy: str
    query: str  # gives their number


_ORPHANS = (
    _Orphan(
        fact="stored contents that belong to no capture: {}",
        remedy="they only take room; please report it",
        query="SELECT count(*) FROM raw AS r WHERE NOT EXISTS (SELECT 1 FROM captures AS c WHERE c.sha256 = r.sha256) "
        "AND sha256 NOT IN (SELECT read_as FROM captures WHERE read_as IS NOT NULL)",
    ),
    _Orphan(
        fact="captures that have lost their bytes: {}",
        remedy="restore a backup; what they were read as is there, but cannot be derived again",
        query=f"SELECT count(*) FROM captures AS c WHERE c.sha256 <> '{_EMPTY}' "
        "AND NOT EXISTS (SELECT 1 FROM raw AS r WHERE r.sha256 = coalesce(c.read_as, c.sha256))",
    ),
    _Orphan(
        fact="revisions without a capture whose bytes are kept: {}",
        remedy="restore a backup; their text is there, but cannot be derived again",
        query="SELECT count(*) FROM revisions AS v WHERE NOT EXISTS (SELECT 1 FROM captures AS c "
        "JOIN raw AS r ON r.sha256 = coalesce(c.read_as, c.sha256) WHERE c.revision_id = v.id)",
    ),
    _Orphan(
        fact="articles without a revision: {}",
        remedy=_READ_AGAIN,
        query="SELECT count(*) FROM articles WHERE revision_id IS NULL",
    ),
    _Orphan(
        fact="articles that are not found by their own key: {}",
        remedy=_READ_AGAIN,
        query="SELECT count(*) FROM articles AS a WHERE NOT EXISTS (SELECT 1 FROM keys AS k WHERE k.key = a.key "
        "AND k.article_id = a.id)",
    ),
    _Orphan(
        fact="files noted as read of which no capture is there: {}",
        remedy="`touch` them: the next run then reads them again",
        query="SELECT count(*) FROM files AS f WHERE f.captures > 0 AND NOT EXISTS (SELECT 1 FROM captures AS c "
        "WHERE c.uri = f.uri) AND NOT EXISTS (SELECT 1 FROM captures AS c WHERE c.uri >= f.uri || '!/' "
        "AND c.uri < f.uri || '!0')",
    ),
)


@dataclass(slots=True)
class _Faulty:
    """Articles with one fault."""

    count: int = 0
    first: str = ""

    def add(self, key: str) -> None:
        self.count += 1
        self.first = self.first or key


@dataclass(slots=True)
class _Texts:
    looked_at: int = 0
    not_rebuilt: _Faulty = field(default_factory=_Faulty)
    other_hash: _Faulty = field(default_factory=_Faulty)


def orphans(case: Case) -> Iterator[Finding]:
    """Rows that nothing belongs to, or that have lost what they belong to."""
    for orphan in _ORPHANS:
        count = case.db.execute(orphan.query).fetchone()[0]
        if count:
            yield Finding(check="orphans", fact=orphan.fact.format(count), remedy=orphan.remedy)


def texts(case: Case) -> Iterator[Finding]:
    """Do body and removed spans give back the full text, and are the hashes those of the texts?"""
    seen = _Texts()
    rows = case.db.execute(
        "SELECT a.key, a.body, a.char_count, a.content_hash, v.id, v.full_text, v.text_hash, v.content_hash "
        "FROM articles AS a JOIN revisions AS v ON v.id = a.revision_id WHERE a.id % ? = 0",
        (case.stride("articles"),),
    )
    for key, body, char_count, content_hash, revision_id, full_text, text_hash, revision_hash in rows:
        seen.looked_at += 1
        removed = case.db.execute(
            'SELECT start, "end", text FROM boilerplate WHERE revision_id = ? ORDER BY start', (revision_id,)
        ).fetchall()
        if not _rebuilds(full_text, body, removed):
            seen.not_rebuilt.add(key)
        if (content_hash, char_count) != (compact_hash(body), len(compact(body))) or (text_hash, revision_hash) != (
            compact_hash(full_text),
            content_hash,
        ):
            seen.other_hash.add(key)
    for fault, what in (
        (
            seen.not_rebuilt,
            "articles whose body and removed spans do not give back their full text: {} of {} ({} first)",
        ),
        (seen.other_hash, "articles whose hash or length is not that of their text: {} of {} ({} first)"),
    ):
        if fault.count:
            fact = what.format(fault.count, seen.looked_at, fault.first)
            yield Finding(check="texts", fact=fact, remedy=_READ_AGAIN)


def contents(case: Case) -> Iterator[Finding]:
    """Are the stored bytes those that their digest names?"""
    wrong: list[str] = []
    looked_at = 0
    rows = case.db.execute("SELECT sha256, size, encoding, bytes FROM raw WHERE rowid % ? = 0", (case.stride("raw"),))
    for sha256, size, encoding, stored in rows:
        looked_at += 1
        if _digest(stored, encoding, size) != sha256:
            wrong.append(sha256)
    if wrong:
        yield Finding(
            check="bytes",
            fact=f"stored contents that are not what was captured: {len(wrong)} of {looked_at} ({wrong[0]} first)",
            remedy="restore the latest copy that `scrapy backup` made, and look after the disk",
            is_fatal=True,
        )


def rules(case: Case) -> Iterator[Finding]:
    """Were all bodies made by the rules in force?"""
    count = case.db.execute("SELECT count(*) FROM articles WHERE rules_version <> ?", (case.rules_version,)).fetchone()[
        0
    ]
    if count:
        yield Finding(
            check="rules",
            fact=f"articles made by other rules than those in force ({case.rules_version}): {count}",
            remedy="`scrapy renormalize --dry-run` says what would change, `scrapy renormalize` does it",
        )


def _rebuilds(full_text: str, body: str, removed: list[tuple[int, int, str]]) -> bool:
    try:
        return rebuild(body, removed) == full_text
    except ValueError:
        return False


def _digest(stored: bytes, encoding: str, size: int) -> str:
    """SHA-256 of what is stored; of less where it is more than `size` bytes, or no zstd."""
    if encoding == "identity":
        return hashlib.sha256(stored).hexdigest()
    made, length = hashlib.sha256(), 0
    try:
        with zstandard.ZstdDecompressor().stream_reader(stored) as reader:
            while length <= size and (chunk := reader.read(_CHUNK)):
                made.update(chunk)
                length += len(chunk)
    except zstandard.ZstdError:
        return ""
    return made.hexdigest() if length == size else ""
