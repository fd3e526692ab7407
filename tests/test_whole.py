"""The whole way, from files to rows, without an engine: what must hold for all input."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from crawler.items import Article, Capture, Reading
from crawler.pages.document import Limits
from crawler.sources import FileSource
from pipelines.boilerplate.ruleset import load_rules
from pipelines.derive import Deriver
from pipelines.store.capture_rows import OUTCOMES
from pipelines.store.database import open_for_writing
from pipelines.store.projection import projection
from pipelines.store.writer import write

if TYPE_CHECKING:
    from random import Random

ROOT = Path(__file__).resolve().parent
NOW = "2026-01-01T00:00:00Z"
# Shrinking an order of a hundred captures takes minutes and explains little.
SLOW = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.generate,))
# What makes bytes look like one of the kinds that are read, so that more than the first check is reached.
OPENINGS = (
    b"",
    b"<!DOCTYPE html><html><body><div id=js_content>",
    b'<html><script>var biz = "MzAwMDAwMDAwMQ=="||"";var mid="1"||"";</script><div class="rich_media_content">',
    "微信号\nabcdef\n功能介绍\n每日新闻\n".encode(),
    b"# title\n account   2024-12-06 10:11\n",
    b"---\ntitle: a\nurl: https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv\n---\n",
    b'{"title": "a", "content": "',
    b'{"general_msg_list": "{\\"list\\":[',
    b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n",
    b"\x1f\x8b\x08",
    b"\xff\xfe",
)


@cache
def deriver() -> Deriver:
    return Deriver(Limits(max_bytes=2**20), load_rules())


@cache
def fixtures() -> tuple[Capture, ...]:
    """Every capture of the fixtures and of the hostile files."""
    source = FileSource([ROOT.parent / "fixtures", ROOT / "hostile"])
    return tuple(found for found in source if isinstance(found, Capture))


def rows(readings: list[Reading]) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        db = open_for_writing(Path(folder) / "a.db")
        try:
            db.conn.execute("BEGIN IMMEDIATE")
            for reading in readings:
                assert write(db.conn, reading, now=NOW, run_id=None).outcome in OUTCOMES
            db.conn.commit()
            assert db.conn.execute("PRAGMA foreign_key_check").fetchall() == []
            assert db.conn.execute("SELECT count(*) FROM captures").fetchone()[0] == len(
                {(r.capture.uri, r.capture.content) for r in readings}
            )
            return list(projection(db.conn))
        finally:
            db.close()


def derived() -> list[Reading]:
    """Every fixture, read anew: the store may keep what it is given."""
    return [deriver().derive(capture) for capture in fixtures()]


@SLOW
@given(st.randoms(use_true_random=False))
def test_the_fixtures_in_any_order_and_twice_give_the_same_database(random: Random) -> None:
    shuffled = derived() + derived()[::3]
    random.shuffle(shuffled)
    one, other = rows(shuffled), rows(derived())
    assert sorted(set(one) ^ set(other)) == []
    assert one == other


def test_body_and_removed_spans_rebuild_every_full_text() -> None:
    seen = 0
    for reading in derived():
        if not isinstance(reading.found, Article):
            continue
        assert reading.normalized is not None
        text, position, parts = reading.found.full_text, 0, []
        for span in reading.normalized.spans:
            assert position <= span.start < span.end <= len(text)
            parts.append(text[position : span.start])
            position = span.end
        assert "".join([*parts, text[position:]]) == reading.normalized.body
        seen += bool(reading.normalized.spans)
    assert seen > 10


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(OPENINGS), st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode)))
def test_any_bytes_are_stored_recognised_or_rejected(opening: bytes, rest: bytes) -> None:
    capture = Capture(
        uri="file:///any", name="any", content=opening + rest, captured_at=datetime.now(UTC), captured_at_source="mtime"
    )
    assert any(line.startswith("captures\t") for line in rows([deriver().derive(capture)]))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_fixtures_cut_and_damaged_anywhere_never_crash(data: st.DataObject) -> None:
    capture = data.draw(st.sampled_from(fixtures()))
    content = bytearray(capture.content)
    if content:
        start = data.draw(st.integers(0, len(content) - 1))
        end = data.draw(st.integers(start, min(len(content), start + 200)))
        content[start:end] = data.draw(st.binary(max_size=20))
        del content[data.draw(st.integers(0, len(content))) :]
    damaged = Capture(
        uri="file:///damaged",
        name="damaged",
        content=bytes(content),
        captured_at=datetime.now(UTC),
        captured_at_source="mtime",
    )
    assert any(line.startswith("captures\t") for line in rows([deriver().derive(damaged)]))
