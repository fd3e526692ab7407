"""Revisions: an article's distinct texts, each in the letters of its best capture.

Captures whose texts differ in white space alone share a revision. Its letters, and the boilerplate and credits
that go with them, are those of the capture with the best evidence, then the earliest, then the smallest digest
(and URI, where the same bytes lie in two places).
What another capture has in other letters is kept with that capture, so that it can be had again when captures
are found to be of other articles.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import msgspec

from crawler.items import Credit, Evidence, Fingerprint, Span
from crawler.text import compact
from pipelines.boilerplate.spans import body_of
from pipelines.changes import Version, change_between
from pipelines.similarity.signature import signature
from pipelines.store import raw
from pipelines.store.fold import EVIDENCE_RANK

if TYPE_CHECKING:
    from sqlite3 import Connection

    from pipelines.changes import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionText:
    """The letters of one capture's text, and what was made of them."""

    title: str | None
    full_text: str
    spans: list[Span]
    credits: list[Credit]
    fingerprint: Fingerprint
    rules_version: str

    @property
    def body(self) -> str:
        """The full text less its spans."""
        return body_of(self.full_text, self.spans)


_decoder = msgspec.json.Decoder(RevisionText)


def put(db: Connection, article_id: int, capture_id: int, text: RevisionText) -> tuple[int, bool]:
    """Finds or makes the revision of an article that has `text`; says whether it is new to the article.

    The capture's row is there; it has evidence, and no revision yet.
    """
    row = db.execute(
        "SELECT id FROM revisions WHERE article_id = ? AND text_hash = ?", (article_id, text.fingerprint.text_hash)
    ).fetchone()
    if row is None:
        is_first = not db.execute("SELECT 1 FROM revisions WHERE article_id = ?", (article_id,)).fetchone()
        revision_id = _insert(db, article_id, capture_id, text)
        db.execute("UPDATE captures SET revision_id = ?, text = NULL WHERE id = ?", (revision_id, capture_id))
        if not is_first:
            number(db, article_id)
        return revision_id, True
    revision_id = int(row[0])
    _join(db, revision_id, capture_id, text)
    return revision_id, False


def put_first(db: Connection, article_id: int, capture_id: int, text: RevisionText) -> int:
    """Makes the first revision of a new article, of a capture that has none yet; says its id."""
    revision_id = _insert(db, article_id, capture_id, text)
    db.execute("UPDATE captures SET revision_id = ? WHERE id = ?", (revision_id, capture_id))
    return revision_id


def move(db: Connection, capture_id: int, article_id: int) -> None:
    """Makes a capture one of another article, which gets a revision with its text."""
    former_revision, former_article = db.execute(
        "SELECT revision_id, article_id FROM captures WHERE id = ?", (capture_id,)
    ).fetchone()
    text = captured_text(db, capture_id)
    db.execute("UPDATE captures SET article_id = ?, revision_id = NULL WHERE id = ?", (article_id, capture_id))
    db.execute("UPDATE metrics SET article_id = ? WHERE capture_id = ?", (article_id, capture_id))
    put(db, article_id, capture_id, text)
    leave(db, former_revision, capture_id)
    number(db, former_article)


def captured_text(db: Connection, capture_id: int) -> RevisionText:
    """The text of a stored capture in its own letters."""
    packed, revision_id = db.execute("SELECT text, revision_id FROM captures WHERE id = ?", (capture_id,)).fetchone()
    return _decoder.decode(raw.unpack(packed)) if packed else load(db, revision_id)


def load(db: Connection, revision_id: int) -> RevisionText:
    """A revision's text."""
    title, full_text, text_hash, content_hash, char_count, signed, rules_version = db.execute(
        "SELECT title, full_text, text_hash, content_hash, char_count, signature, rules_version FROM revisions "
        "WHERE id = ?",
        (revision_id,),
    ).fetchone()
    spans = db.execute(
        'SELECT start, "end", kind, rule FROM boilerplate WHERE revision_id = ? ORDER BY start', (revision_id,)
    )
    credit_rows = db.execute("SELECT role, name FROM credits WHERE revision_id = ? ORDER BY position", (revision_id,))
    return RevisionText(
        title=title,
        full_text=full_text,
        spans=[Span(start=start, end=end, kind=kind, rule=rule) for start, end, kind, rule in spans],
        credits=[Credit(role=role, name=name) for role, name in credit_rows],
        fingerprint=Fingerprint(
            text_hash=text_hash, content_hash=content_hash, char_count=char_count, signature=signed
        ),
        rules_version=rules_version,
    )


def number(db: Connection, article_id: int) -> None:
    """Numbers an article's revisions from 1 by when they were first captured; brings times and changes up to date."""
    rows = db.execute(
        "SELECT r.id, r.number, r.seen_at, r.change, min(c.captured_at) AS first FROM revisions AS r "
        "JOIN captures AS c ON c.revision_id = r.id WHERE r.article_id = ? GROUP BY r.id ORDER BY first, r.text_hash",
        (article_id,),
    ).fetchall()
    versions: list[Version] = []
    for position, (revision_id, current, seen_at, known, first) in enumerate(rows, 1):
        change: Change = "first"
        if len(rows) > 1:
            version = _version(db, revision_id)
            if versions:
                change = change_between(_forerunner(versions, version), version)
            versions.append(version)
        if (position, first, change) != (current, seen_at, known):
            db.execute(
                "UPDATE revisions SET number = ?, seen_at = ?, change = ? WHERE id = ?",
                (position, first, change, revision_id),
            )


def _version(db: Connection, revision_id: int) -> Version:
    text = load(db, revision_id)
    evidence = db.execute(
        "SELECT c.evidence FROM revisions AS r JOIN captures AS c ON c.id = r.capture_id WHERE r.id = ?", (revision_id,)
    ).fetchone()[0]
    return Version(evidence=evidence, title=text.title, body=text.body)


def _forerunner(versions: list[Version], version: Version) -> Version:
    """The text that `version` is compared with: the latest in the same form of capture, else the latest."""
    same_form = [earlier for earlier in versions if earlier.evidence == version.evidence]
    return (same_form or versions)[-1]


def is_edit(db: Connection, article_id: int, revision_id: int) -> bool:
    """Does a revision that is new to the article tell of an edit: its own, or (an earlier text) the next one's?"""
    own, change = db.execute("SELECT number, change FROM revisions WHERE id = ?", (revision_id,)).fetchone()
    if change == "first":
        row = db.execute(
            "SELECT change FROM revisions WHERE article_id = ? AND number = ?", (article_id, own + 1)
        ).fetchone()
        change = row[0] if row else "first"
    return bool(change == "edit")


def _join(db: Connection, revision_id: int, capture_id: int, text: RevisionText) -> None:
    """Adds a capture to a revision, whose letters become its own if it is the better one."""
    chosen, article_id = db.execute(
        "SELECT capture_id, article_id FROM revisions WHERE id = ?", (revision_id,)
    ).fetchone()
    current = load(db, revision_id)
    is_better = _rank(db, capture_id) < _rank(db, chosen)
    if text == current:
        if is_better:
            db.execute("UPDATE revisions SET capture_id = ? WHERE id = ?", (capture_id, revision_id))
    elif is_better:
        db.execute("UPDATE captures SET text = ? WHERE revision_id = ? AND text IS NULL", (_pack(current), revision_id))
        _replace(db, revision_id, article_id, capture_id, text)
    kept = None if is_better or text == current else _pack(text)
    db.execute("UPDATE captures SET revision_id = ?, text = ? WHERE id = ?", (revision_id, kept, capture_id))
    number(db, article_id)


def leave(db: Connection, revision_id: int, capture_id: int) -> None:
    """Brings a revision up to date that a capture has left; without any capture it goes."""
    article_id, chosen = db.execute(
        "SELECT article_id, capture_id FROM revisions WHERE id = ?", (revision_id,)
    ).fetchone()
    rest = [row[0] for row in db.execute("SELECT id FROM captures WHERE revision_id = ?", (revision_id,))]
    if not rest:
        db.execute("DELETE FROM revisions WHERE id = ?", (revision_id,))
    elif chosen == capture_id:
        heir = min(rest, key=lambda capture: _rank(db, capture))
        current, text = load(db, revision_id), captured_text(db, heir)
        if text != current:
            db.execute(
                "UPDATE captures SET text = ? WHERE revision_id = ? AND text IS NULL", (_pack(current), revision_id)
            )
        _replace(db, revision_id, article_id, heir, text)
        db.execute("UPDATE captures SET text = NULL WHERE id = ?", (heir,))


def _rank(db: Connection, capture_id: int) -> tuple[int, str, str, str]:
    """The smaller, the better the capture is for a revision's letters."""
    evidence: Evidence
    evidence, captured_at, sha256, uri = db.execute(
        "SELECT evidence, captured_at, sha256, uri FROM captures WHERE id = ?", (capture_id,)
    ).fetchone()
    return -EVIDENCE_RANK[evidence], captured_at, sha256, uri


def _pack(text: RevisionText) -> bytes:
    return raw.pack(msgspec.json.encode(text))


def _insert(db: Connection, article_id: int, capture_id: int, text: RevisionText) -> int:
    print_ = text.fingerprint
    row = db.execute(
        "INSERT INTO revisions (article_id, number, capture_id, title, full_text, text_hash, content_hash, "
        "char_count, signature, seen_at, rules_version) "
        "SELECT ?, 1, id, ?, ?, ?, ?, ?, ?, captured_at, ? FROM captures WHERE id = ? RETURNING id",
        (
            article_id,
            text.title,
            text.full_text,
            print_.text_hash,
            print_.content_hash,
            print_.char_count,
            print_.signature,
            text.rules_version,
            capture_id,
        ),
    ).fetchone()
    _put_derived(db, int(row[0]), article_id, text)
    return int(row[0])


def _replace(db: Connection, revision_id: int, article_id: int, capture_id: int, text: RevisionText) -> None:
    print_ = text.fingerprint
    db.execute(
        "UPDATE revisions SET capture_id = ?, title = ?, full_text = ?, content_hash = ?, char_count = ?, "
        "signature = ?, rules_version = ? WHERE id = ?",
        (
            capture_id,
            text.title,
            text.full_text,
            print_.content_hash,
            print_.char_count,
            print_.signature,
            text.rules_version,
            revision_id,
        ),
    )
    db.execute("DELETE FROM boilerplate WHERE revision_id = ?", (revision_id,))
    db.execute("DELETE FROM credits WHERE revision_id = ?", (revision_id,))
    _put_derived(db, revision_id, article_id, text)


def _put_derived(db: Connection, revision_id: int, article_id: int, text: RevisionText) -> None:
    """Writes the boilerplate and credits of a revision that has none."""
    db.executemany(
        "INSERT INTO boilerplate VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (revision_id, article_id, span.start, span.end, span.kind, span.rule, text.full_text[span.start : span.end])
            for span in text.spans
        ],
    )
    db.executemany(
        "INSERT INTO credits VALUES (?, ?, ?, ?, ?)",
        [(revision_id, article_id, position, credit.role, credit.name) for position, credit in enumerate(text.credits)],
    )


def sign_all(db: Connection) -> None:
    """Makes the signatures of all texts anew, of those too that are kept with a capture."""
    for (revision_id,) in db.execute("SELECT id FROM revisions").fetchall():
        print_ = _signed(load(db, revision_id)).fingerprint
        db.execute("UPDATE revisions SET signature = ? WHERE id = ?", (print_.signature, revision_id))
    for (capture_id,) in db.execute("SELECT id FROM captures WHERE text IS NOT NULL").fetchall():
        text = _signed(captured_text(db, capture_id))
        db.execute("UPDATE captures SET text = ? WHERE id = ?", (_pack(text), capture_id))


def _signed(text: RevisionText) -> RevisionText:
    return replace(text, fingerprint=replace(text.fingerprint, signature=signature(compact(text.body))))
