"""The row of a capture: what its source knew of it, what was said of it, whether it is there already."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - msgspec resolves the annotations
from typing import TYPE_CHECKING, Literal, get_args

import msgspec

from crawler.items import CapturedAtSource, Hints  # noqa: TC001 - the same
from crawler.times import utc_text
from pipelines.store import looks

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


def capture_known(db: Connection, uri: str, sha256: str, hints: Hints | None = None) -> Outcome | None:
    """`seen_before` or `rejected_known` where this very capture is stored, else None.

    With `hints`, only where it was read with the same ones: a table beside it may say more than it did.
    """
    row = row_of(db, uri, sha256)
    return outcome_of(row, hints) if row else None


def row_of(db: Connection, uri: str, sha256: str) -> tuple[str, str] | None:
    """Outcome and context of a stored capture."""
    row: tuple[str, str] | None = db.execute(
        "SELECT outcome, context FROM captures WHERE uri = ? AND sha256 = ?", (uri, sha256)
    ).fetchone()
    return row


def outcome_of(row: tuple[str, str], hints: Hints | None) -> Outcome | None:
    """What meeting a stored capture again is called; None where it was read with other hints."""
    outcome, context = row
    if hints is not None and _context.decode(context).hints != hints:
        return None
    return "rejected_known" if outcome == "rejected" else "seen_before"


def see_again(db: Connection, uri: str, sha256: str, now: str) -> None:
    """Notes that a capture that is stored was met again."""
    db.execute("UPDATE captures SET last_seen_at = ? WHERE uri = ? AND sha256 = ?", (now, uri, sha256))


def is_rejected_elsewhere(db: Connection, sha256: str) -> bool:
    """Whether the same bytes were rejected under any URI."""
    row = db.execute("SELECT 1 FROM captures WHERE sha256 = ? AND outcome = 'rejected' LIMIT 1", (sha256,)).fetchone()
    return row is not None


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
