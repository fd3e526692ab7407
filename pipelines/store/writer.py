"""Writes one reading: its capture and what it says, in the caller's transaction."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003 - msgspec resolves the annotations
from typing import TYPE_CHECKING, Literal, get_args

import msgspec

from crawler.items import Article, CapturedAtSource, Hints, Listing, Notice, Rejected
from crawler.times import utc_text
from pipelines.store import accounts, articles, identity, looks, notices, raw, revisions
from pipelines.store.fold import Observation
from pipelines.store.reaccount import rebuild_accounts
from pipelines.store.revisions import RevisionText

if TYPE_CHECKING:
    from sqlite3 import Connection

    from crawler.items import Capture, Reading

Outcome = Literal["stored", "revised", "unchanged", "notice", "listing", "rejected", "rejected_known", "seen_before"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the source knew of a capture beside its bytes: needed to read it again."""

    media_type: str | None
    hints: Hints
    captured_at: datetime
    captured_at_source: CapturedAtSource


_context = msgspec.json.Decoder(Context)
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
ARTICLE_OUTCOMES = ("stored", "revised", "unchanged")


@dataclass(slots=True, kw_only=True)
class Written:
    """What became of a reading."""

    outcome: Outcome
    warnings: list[str] = field(default_factory=list)
    uri: str = ""  # of the capture's row


def capture_known(db: Connection, uri: str, sha256: str, hints: Hints | None = None) -> Outcome | None:
    """`seen_before` or `rejected_known` where this very capture is stored, else None.

    With `hints`, only where it was read with the same ones: a table beside it may say more than it did.
    """
    row = _row_of(db, uri, sha256)
    return _outcome_of(row, hints) if row else None


def _row_of(db: Connection, uri: str, sha256: str) -> tuple[str, str] | None:
    """Outcome and context of a stored capture."""
    row: tuple[str, str] | None = db.execute(
        "SELECT outcome, context FROM captures WHERE uri = ? AND sha256 = ?", (uri, sha256)
    ).fetchone()
    return row


def _outcome_of(row: tuple[str, str], hints: Hints | None) -> Outcome | None:
    outcome, context = row
    if hints is not None and _context.decode(context).hints != hints:
        return None
    return "rejected_known" if outcome == "rejected" else "seen_before"


def see_again(db: Connection, uri: str, sha256: str, now: str) -> None:
    """Notes that a capture that is stored was met again."""
    db.execute("UPDATE captures SET last_seen_at = ? WHERE uri = ? AND sha256 = ?", (now, uri, sha256))


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
    row = _row_of(db, capture.uri, sha256)
    if row:
        known = _outcome_of(row, capture.hints)
        if known is None:
            return _write_with_other_hints(db, reading, sha256, now)
        see_again(db, capture.uri, sha256, now)
        return Written(outcome=known)
    rejected_before = bool(capture.content) and _rejected_elsewhere(db, sha256, reading)
    read_as = capture.read_as or (None if keep_unchanged else _stand_in(db, reading))
    if capture.content and (read_as is None or capture.read_as):
        raw.keep(db, capture.read_as or sha256, capture.content, reading.packed)
    capture_id = _insert_capture(db, reading, sha256, now, run_id, read_as)
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
        "UPDATE captures SET context = ?, url = ?, last_seen_at = ? WHERE id = ?",
        (_pack_context(capture), capture.url, now, capture_id),
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
    said = _said(reading)
    assignments = ", ".join(f"{name} = :{name}" for name in said)
    db.execute(f"UPDATE captures SET {assignments} WHERE id = :id", said | {"id": capture_id})
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


def _said(reading: Reading) -> dict[str, object]:
    """What a capture's row says of a reading, whatever was found."""
    capture = reading.capture
    account = getattr(reading.found, "account", None)
    return {
        "media_type": reading.media_type,
        "template": reading.template,
        "captured_at": utc_text(reading.captured_at or capture.captured_at),
        "captured_at_source": reading.captured_at_source or capture.captured_at_source,
        "account": msgspec.json.encode(account).decode("utf-8") if account else None,
        "sources": json.dumps(reading.sources, ensure_ascii=False) if reading.sources else None,
        "warnings": json.dumps(reading.warnings, ensure_ascii=False) if reading.warnings else None,
        "found_hash": looks.found_hash(reading),
    }


def _rejected_elsewhere(db: Connection, sha256: str, reading: Reading) -> bool:
    if not isinstance(reading.found, Rejected):
        return False
    row = db.execute("SELECT 1 FROM captures WHERE sha256 = ? AND outcome = 'rejected' LIMIT 1", (sha256,)).fetchone()
    return row is not None


def _pack_context(capture: Capture) -> str:
    return msgspec.json.encode(
        Context(
            media_type=capture.media_type,
            hints=capture.hints,
            captured_at=capture.captured_at,
            captured_at_source=capture.captured_at_source,
        )
    ).decode("utf-8")


def _insert_capture(
    db: Connection, reading: Reading, sha256: str, now: str, run_id: int | None, read_as: str | None
) -> int:
    """Writes the row of a new capture, rejected as long as nothing else is said of it."""
    capture = reading.capture
    values = _said(reading) | {
        "uri": capture.uri,
        "name": capture.name,
        "outcome": "rejected",
        "sha256": sha256,
        "first_seen_at": now,
        "last_seen_at": now,
        "run_id": run_id,
        "url": capture.url,
        "context": _pack_context(capture),
        "read_as": read_as,
    }
    names, holes = ", ".join(values), ", ".join(f":{name}" for name in values)
    return int(db.execute(f"INSERT INTO captures ({names}) VALUES ({holes}) RETURNING id", values).fetchone()[0])


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
