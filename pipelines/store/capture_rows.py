"""The row of a capture: what its source knew of it, what was said of it, whether it is there already."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime  # noqa: TC003 - msgspec resolves the annotations
from typing import TYPE_CHECKING, Literal, get_args

import msgspec

from crawler.items import CapturedAtSource, Hints
from crawler.times import utc_text
from pipelines.store import looks, raw

if TYPE_CHECKING:
    from sqlite3 import Connection

    from crawler.items import Capture, Reading

Outcome = Literal["stored", "revised", "unchanged", "notice", "listing", "rejected", "rejected_known", "seen_before"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the source knew of a capture beside its bytes: needed to read it again."""

    media_type: str | None
    hints: Hints
    captured_at: datetime
    captured_at_source: CapturedAtSource


_context = msgspec.json.Decoder(Context)
_HINTED = ("title", "account", "url", "published")
_NOTHING = raw.digest(b"")  # of a capture that could not be opened


def capture_known(db: Connection, uri: str, sha256: str, hints: Hints) -> tuple[Outcome | None, Hints]:
    """What is known of this very capture, and with what hints it is to be read where that has to be done.

    The first is `seen_before` or `rejected_known` where it is stored and `hints` tell nothing new. The second are
    `hints`, and what it was told before of the fields that they leave open.
    """
    row = row_of(db, uri, sha256)
    if row is None:
        return None, hints
    return outcome_of(row, hints), joined(hints, _context.decode(row.context).hints)


def joined(hints: Hints, former: Hints) -> Hints:
    """`hints`, and what `former` ones say where these say nothing, or only a path does and a sidecar did."""
    own, known = dict(hints.sources), dict(former.sources)
    told: dict[str, str | None] = {}
    for name in _HINTED:
        mine, other = getattr(hints, name), getattr(former, name)
        keeps = not mine or (other and own.get(name) == "path" and known.get(name) == "sidecar")
        told[name] = other if keeps else mine
        source = known.pop(name, None) if keeps else own.get(name)
        known.pop(name, None)
        if source and told[name]:
            known[name] = source
    is_same = known == dict(former.sources) and all(told[name] == getattr(former, name) for name in _HINTED)
    return former if is_same else Hints(**told, sources=tuple(known.items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What a stored capture's row says when the capture is met again."""

    outcome: str
    context: str
    was_readable_since: bool  # nothing could be read, and later something at this place


def row_of(db: Connection, uri: str, sha256: str) -> Stored | None:
    """What is stored of a capture."""
    row = db.execute(
        "SELECT outcome, context, last_seen_at FROM captures WHERE uri = ? AND sha256 = ?", (uri, sha256)
    ).fetchone()
    if row is None:
        return None
    since = sha256 == _NOTHING and _was_readable_since(db, uri, row[2])
    return Stored(outcome=row[0], context=row[1], was_readable_since=since)


def _was_readable_since(db: Connection, uri: str, seen_at: str) -> bool:
    """Whether a capture at this place, or inside it, was met after `seen_at`."""
    inside = "SELECT 1 FROM captures WHERE uri >= ? AND uri < ? AND sha256 <> ? AND last_seen_at > ? LIMIT 1"
    ranges = ((uri, f"{uri}\0"), (f"{uri.rstrip('/')}/", f"{uri.rstrip('/')}0"), (f"{uri}!/", f"{uri}!0"))
    return any(db.execute(inside, (first, last, _NOTHING, seen_at)).fetchone() for first, last in ranges)


def outcome_of(row: Stored, hints: Hints) -> Outcome | None:
    """What meeting a stored capture again is called; None where there is something new about it.

    That is where `hints` tell what it was read without, or where it could not be read, then could, and cannot now.
    """
    former = _context.decode(row.context).hints
    if joined(hints, former) != former or row.was_readable_since:
        return None
    return "rejected_known" if row.outcome == "rejected" else "seen_before"


def see_again(db: Connection, uri: str, sha256: str, now: str) -> None:
    """Notes that a capture that is stored was met again."""
    db.execute("UPDATE captures SET last_seen_at = ? WHERE uri = ? AND sha256 = ?", (now, uri, sha256))


def is_rejected_elsewhere(db: Connection, sha256: str) -> bool:
    """Whether the same bytes were rejected under any URI."""
    row = db.execute("SELECT 1 FROM captures WHERE sha256 = ? AND outcome = 'rejected' LIMIT 1", (sha256,)).fetchone()
    return row is not None


def told_before(row: Stored, capture: Capture) -> Capture:
    """`capture` with what its stored row knows that it does not: hints, a better time than its file's."""
    former = _context.decode(row.context)
    capture = replace(capture, hints=joined(capture.hints, former.hints))
    if capture.captured_at_source == "mtime" and former.captured_at_source != "mtime":
        capture = replace(capture, captured_at=former.captured_at, captured_at_source=former.captured_at_source)
    return capture


def pack_context(capture: Capture) -> str:
    """What the source knew of `capture`, as JSON (`Context`)."""
    return msgspec.json.encode(
        Context(
            media_type=capture.media_type,
            hints=capture.hints,
            captured_at=capture.captured_at,
            captured_at_source=capture.captured_at_source,
        )
    ).decode("utf-8")


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


def update_said(db: Connection, capture_id: int, reading: Reading) -> None:
    """Replaces what a stored capture's row says of how it was read."""
    said = _said(reading)
    assignments = ", ".join(f"{name} = :{name}" for name in said)
    db.execute(f"UPDATE captures SET {assignments} WHERE id = :id", said | {"id": capture_id})


def insert(db: Connection, reading: Reading, sha256: str, now: str, run_id: int | None, read_as: str | None) -> int:
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
        "context": pack_context(capture),
        "read_as": read_as,
    }
    names, holes = ", ".join(values), ", ".join(f":{name}" for name in values)
    return int(db.execute(f"INSERT INTO captures ({names}) VALUES ({holes}) RETURNING id", values).fetchone()[0])
