"""Writes one reading: its capture and what it says, in the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.items import Article, Listing, Notice, Rejected
from crawler.times import utc_text
from pipelines.store import accounts, articles, capture_rows, identity, looks, notices, raw, revisions
from pipelines.store.fold import Observation
from pipelines.store.reaccount import rebuild_accounts
from pipelines.store.revisions import RevisionText

if TYPE_CHECKING:
    from sqlite3 import Connection

    from crawler.items import Reading
    from pipelines.store.capture_rows import Outcome


ARTICLE_OUTCOMES = ("stored", "revised", "unchanged")


@dataclass(slots=True, kw_only=True)
class Written:
    """What became of a reading."""

    outcome: Outcome
    warnings: list[str] = field(default_factory=list)
    uri: str = ""  # of the capture's row


def write(db: Connection, reading: Reading, *, now: str, run_id: int | None, keep_unchanged: bool = True) -> Written:
    """Stores one reading. `now` is the time of reading (UTC text).

    The bytes of a look over the network that showed nothing new are kept only with `keep_unchanged`.

    Raises:
        sqlite3.Error: nothing of the reading may then be kept; the caller rolls back.
    """
    sha256 = reading.sha256 or raw.digest(reading.capture.content)
    capture = reading.capture = looks.placed(db, reading, sha256)
    written = _write(db, reading, sha256, now=now, run_id=run_id, keep_unchanged=keep_unchanged)
    written.uri = capture.uri
    return written


def _write(
    db: Connection, reading: Reading, sha256: str, *, now: str, run_id: int | None, keep_unchanged: bool
) -> Written:
    capture = reading.capture
    row = capture_rows.row_of(db, capture.uri, sha256)
    if row:
        known = capture_rows.outcome_of(row, capture.hints)
        if known is None:
            reading.capture = capture_rows.told_before(row, capture)
            return _write_with_other_hints(db, reading, sha256, now)
        capture_rows.see_again(db, capture.uri, sha256, now)
        return Written(outcome=known)
    is_rejected = bool(capture.content) and isinstance(reading.found, Rejected)
    rejected_before = is_rejected and capture_rows.is_rejected_elsewhere(db, sha256)
    read_as = capture.read_as or (None if keep_unchanged else _stand_in(db, reading))
    if capture.content and (read_as is None or capture.read_as):
        raw.keep(db, capture.read_as or sha256, capture.content, reading.packed)
    capture_id = capture_rows.insert(db, reading, sha256, now, run_id, read_as)
    written = _attach(db, capture_id, reading, sha256, now)
    if written.outcome == "rejected" and rejected_before:
        written.outcome = "rejected_known"
    return written


def _stand_in(db: Connection, reading: Reading) -> str | None:
    found = looks.found_hash(reading)
    return looks.stand_in(db, reading.capture.uri, found) if found else None


def _write_with_other_hints(db: Connection, reading: Reading, sha256: str, now: str) -> Written:
    """Reads a stored capture anew that the user now says something else of."""
    capture = reading.capture
    capture_id = db.execute("SELECT id FROM captures WHERE uri = ? AND sha256 = ?", (capture.uri, sha256)).fetchone()[0]
    db.execute(
        "UPDATE captures SET context = ?, url = coalesce(?, url), last_seen_at = ? WHERE id = ?",
        (capture_rows.pack_context(capture), capture.url, now, capture_id),
    )
    written = rewrite(db, capture_id, reading, now=now)
    if written.outcome in ARTICLE_OUTCOMES:
        written.outcome = "unchanged"
    return written


def rewrite(db: Connection, capture_id: int, reading: Reading, *, now: str) -> Written:
    """Replaces what a stored capture was read as by a new reading of the same bytes.

    Its outcome, which tells what it was to the run that met it, stays where it is an article as before.
    """
    sha256, outcome, former = db.execute(
        "SELECT sha256, outcome, article_id FROM captures WHERE id = ?", (capture_id,)
    ).fetchone()
    partners = identity.partners(db, capture_id) if outcome in ARTICLE_OUTCOMES else set()
    _detach(db, capture_id)
    capture_rows.update_said(db, capture_id, reading)
    written = _attach(db, capture_id, reading, sha256, now)
    if outcome in ARTICLE_OUTCOMES and written.outcome in ARTICLE_OUTCOMES:
        db.execute("UPDATE captures SET outcome = ? WHERE id = ?", (outcome, capture_id))
    if former is not None:
        _settle_former(db, former, capture_id, now)
    for partner in sorted(partners):
        identity.settle(db, partner, now)
    return written


def _settle_former(db: Connection, former: int, capture_id: int, now: str) -> None:
    """Puts what a capture leaves behind where it belongs, if it is of another article now; nothing left, it goes."""
    now_at = db.execute("SELECT article_id FROM captures WHERE id = ?", (capture_id,)).fetchone()[0]
    if now_at == former or not db.execute("SELECT 1 FROM articles WHERE id = ?", (former,)).fetchone():
        return
    left = db.execute(
        "SELECT min(id) FROM captures WHERE article_id = ? AND evidence IS NOT NULL", (former,)
    ).fetchone()[0]
    if left is None:
        identity.retire(db, former, now_at)
    else:
        revisions.number(db, former)
        identity.settle(db, left, now)


def _detach(db: Connection, capture_id: int) -> None:
    """Forgets what a capture was read as; the articles that it was of are to be settled after."""
    revision_id = db.execute("SELECT revision_id FROM captures WHERE id = ?", (capture_id,)).fetchone()[0]
    db.execute(
        "UPDATE captures SET article_id = NULL, revision_id = NULL, reason = NULL, detail = NULL WHERE id = ?",
        (capture_id,),
    )
    if revision_id is not None:
        revisions.leave(db, revision_id, capture_id)
    db.execute("UPDATE captures SET evidence = NULL, reading = NULL, text = NULL WHERE id = ?", (capture_id,))
    for table in ("capture_keys", "text_keys", "metrics", "notices", "listed"):
        db.execute(f"DELETE FROM {table} WHERE capture_id = ?", (capture_id,))


def _attach(db: Connection, capture_id: int, reading: Reading, sha256: str, now: str) -> Written:
    """Writes what a capture, whose row has what is `_said` of it, was read as."""
    at = utc_text(reading.captured_at or reading.capture.captured_at)
    match reading.found:
        case Article():
            return _write_article(db, capture_id, reading, reading.found, sha256, at, now)
        case Notice():
            return _write_notice(db, capture_id, reading.found, at, now)
        case Listing():
            return _write_listing(db, capture_id, reading.found, at, now)
        case Rejected(reason=reason, detail=detail):
            db.execute(
                "UPDATE captures SET outcome = 'rejected', reason = ?, detail = ? WHERE id = ?",
                (reason, detail, capture_id),
            )
            return Written(outcome="rejected")


def _write_article(
    db: Connection, capture_id: int, reading: Reading, article: Article, sha256: str, at: str, now: str
) -> Written:
    if reading.normalized is None or reading.fingerprint is None:
        raise ValueError("an article reached the store without having been normalised and fingerprinted")
    account_id, has_moved = accounts.observe(db, article.account, at)
    text = RevisionText(
        title=article.title,
        full_text=article.full_text,
        spans=reading.normalized.spans,
        credits=reading.normalized.credits,
        fingerprint=reading.fingerprint,
        rules_version=reading.normalized.rules_version,
    )
    own = Observation(uri=reading.capture.uri, sha256=sha256, captured_at=at, article=article, revision_id=0)
    new = articles.NewArticle(own, text, account_id)
    placed = identity.place(db, capture_id, article, text, now, make=lambda key: articles.insert(db, key, new, now))
    db.execute(
        "UPDATE captures SET article_id = ?, evidence = ?, reading = ?, outcome = 'stored' WHERE id = ?",
        (placed.article_id, article.evidence, articles.pack_reading(article), capture_id),
    )
    has_notices = notices.link(db, placed.keys)
    outcome: Outcome = "stored"
    if placed.is_alone and not has_notices:
        revision_id = revisions.put_first(db, placed.article_id, capture_id, text)
        articles.complete(db, placed.article_id, new, revision_id)
    else:
        outcome = _join_others(db, capture_id, placed, text, now)
    if article.metrics:
        m = article.metrics
        db.execute(
            "INSERT INTO metrics VALUES (?, ?, ?, ?, ?, ?, ?)",
            (placed.article_id, capture_id, at, m.reads, m.likes, m.shares, m.comments),
        )
    if has_moved:
        rebuild_accounts(db, now)
    warnings = []
    if placed.conflict:
        warnings.append(f"{placed.conflict} is claimed by unlike texts; each is kept under a key of its own text")
    return Written(outcome=outcome, warnings=warnings)


def _join_others(db: Connection, capture_id: int, placed: identity.Placement, text: RevisionText, now: str) -> Outcome:
    """Makes a capture, whose row says of which article it is, part of that; says what it was to the archive."""
    revision_id, is_new_revision = revisions.put(db, placed.article_id, capture_id, text)
    is_edit = is_new_revision and not placed.is_new and revisions.is_edit(db, placed.article_id, revision_id)
    outcome: Outcome = "stored" if placed.is_new else "revised" if is_edit else "unchanged"
    db.execute("UPDATE captures SET outcome = ? WHERE id = ?", (outcome, capture_id))
    for article_id in (placed.article_id, *sorted(placed.touched)):
        articles.refold(db, article_id, now)
    return outcome


def _write_notice(db: Connection, capture_id: int, notice: Notice, at: str, now: str) -> Written:
    account_id, has_moved = accounts.observe(db, notice.account, at)
    row = db.execute("SELECT article_id FROM keys WHERE key = ?", (notice.key,)).fetchone() if notice.key else None
    article_id = row[0] if row else None
    db.execute(
        "INSERT INTO notices (capture_id, url, key, article_id, account_id, reason, retryable, detail, target_url, "
        "seen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            capture_id,
            notice.url,
            notice.key,
            article_id,
            account_id,
            notice.reason,
            notice.retryable,
            notice.detail,
            notice.target_url,
            at,
        ),
    )
    db.execute(
        "UPDATE captures SET outcome = 'notice', reason = ?, detail = ?, article_id = ? WHERE id = ?",
        (notice.reason, notice.detail, article_id, capture_id),
    )
    if article_id:
        articles.refold(db, article_id, now)
    if has_moved:
        rebuild_accounts(db, now)
    return Written(outcome="notice")


def _write_listing(db: Connection, capture_id: int, listing: Listing, at: str, now: str) -> Written:
    account_id, has_moved = accounts.observe(db, listing.account, at)
    db.executemany(
        "INSERT INTO listed VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                capture_id,
                position,
                entry.key,
                entry.url,
                entry.title,
                entry.digest,
                entry.author,
                entry.cover_url,
                utc_text(entry.published_at) if entry.published_at else None,
                entry.is_deleted,
                account_id,
                entry.album_id,
            )
            for position, entry in enumerate(listing.entries)
        ],
    )
    if listing.album and listing.album.album_id:
        album = listing.album
        articles.put_album(db, f"album:{album.album_id}", album.album_id, album.title, album.url, album.size, at)
    db.execute("UPDATE captures SET outcome = 'listing' WHERE id = ?", (capture_id,))
    if has_moved:
        rebuild_accounts(db, now)
    return Written(outcome="listing")
