"""The index of bands: candidates are a function of the set, however large a bucket is."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from pipelines.similarity.signature import BAND_SLOTS, BANDS, SLOT_BYTES, SLOTS
from pipelines.store import bands
from pipelines.store.bands import Buckets, Place, level_of, tier_of

LIMIT = 3


@pytest.fixture(autouse=True)
def small_buckets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bands, "LIMIT", LIMIT)


def place(shared: int, own: int, level: int) -> Place:
    """A signature whose first `shared` bands are all zeros and whose others are its own."""
    width = BAND_SLOTS * SLOT_BYTES
    parts = [bytes(width) if number < shared else own.to_bytes(width, "little") for number in range(BANDS)]
    return Place(b"".join(parts).ljust(SLOTS * SLOT_BYTES, b"\0"), level)


def expected(places: dict[int, Place]) -> set[tuple[int, int]]:
    """The candidates by the rule itself: no index, no history."""
    members: dict[int, list[int]] = {}
    for number, its in places.items():
        for value in its.values:
            members.setdefault(value, []).append(number)
    found = set()
    for numbers in members.values():
        tier = 0
        while len(numbers) > LIMIT << tier:
            tier += 1
        found |= {(a, b) for a, b in combinations(sorted(numbers), 2) if max(places[a].level, places[b].level) >= tier}
    return found


def test_tiers_rise_where_a_bucket_doubles() -> None:
    assert [tier_of(size) for size in (0, 1, 3, 4, 6, 7, 12, 13, 24, 25)] == [0, 0, 0, 1, 1, 2, 2, 3, 3, 4]


def test_half_of_the_keys_are_of_level_one_or_more() -> None:
    levels = [level_of(f"mp:x:{number}:1") for number in range(2000)]
    assert 900 < sum(level >= 1 for level in levels) < 1100
    assert 430 < sum(level >= 2 for level in levels) < 570
    assert level_of("mp:x:1:1") == level_of("mp:x:1:1")


moves = st.lists(
    st.tuples(
        st.integers(0, 14),
        st.one_of(st.none(), st.tuples(st.integers(0, 3), st.integers(1, 2), st.integers(0, 4))),
    ),
    max_size=60,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves)
def test_partners_and_shifts_are_those_of_the_rule_after_any_moves(
    steps: list[tuple[int, tuple[int, int, int] | None]],
) -> None:
    db = Database(memory=True)
    db.conn.execute(
        "CREATE TABLE bands (value, level, article_id, PRIMARY KEY (value, level, article_id)) WITHOUT ROWID"
    )
    db.conn.execute("CREATE TABLE crowds (value INTEGER PRIMARY KEY, members INTEGER NOT NULL)")
    buckets = Buckets(db.conn)
    places: dict[int, Place] = {}
    for number, step in steps:
        sizes = buckets.sizes({value for its in places.values() for value in its.values})
        now = place(*step) if step else None
        shifts = buckets.move(number, places.get(number), now)
        if now:
            places[number] = now
        else:
            places.pop(number, None)
        after = buckets.sizes({value for its in places.values() for value in its.values} | set(sizes))
        assert {s.value: (s.before, s.now) for s in shifts} == {
            value: (tier_of(sizes.get(value, 0)), tier_of(size))
            for value, size in after.items()
            if tier_of(sizes.get(value, 0)) != tier_of(size)
        }
    found = {
        (min(number, other), max(number, other))
        for number, its in places.items()
        for other in buckets.partners(number, its)
    }
    assert found == expected(places)
    for a, b in combinations(sorted(places), 2):
        assert buckets.are_candidates(places[a], places[b], {}) == ((a, b) in found)
    crowded = dict(db.conn.execute("SELECT value, members FROM crowds").fetchall())
    counted = dict(db.conn.execute("SELECT value, count(*) FROM bands GROUP BY value HAVING count(*) > 3").fetchall())
    assert crowded == counted
    db.close()
