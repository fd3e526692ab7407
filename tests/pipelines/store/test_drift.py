from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from readings import BIZ, NOW, article_reading, capture

from crawler.items import Article
from pipelines.store import drift, runs
from pipelines.store.drift import FIELDS, LEAST_BEFORE, LEAST_NOW, TEXT, Tally, compare
from pipelines.store.writer import write

if TYPE_CHECKING:
    from sqlite_utils import Database

    from pipelines.store.drift import Drift

BODY = "春天来了，河边的柳树发了新芽，孩子们在草地上放风筝，老人们坐在长椅上晒太阳。"
WHOLE = {
    "title": "var msg_title",
    "biz": "var biz",
    "mid": "var mid",
    "account.name": "#js_name",
    "published_at": "var ct",
}


def run(
    db: Database,
    pages: int,
    *,
    template: str = "page-2025",
    sources: dict[str, str] | None = None,
    empty: bool = False,
    spider: str = "files",
    warnings: tuple[str, ...] = (),
    killed: bool = False,
) -> list[Drift]:
    """A run that stores so many new pages whose fields come from `sources`; what is found to have drifted."""
    run_id = runs.begin(db.conn, spider, {}, NOW)
    db.execute("BEGIN IMMEDIATE")
    for number in range(pages):
        name = f"{run_id}-{number}"
        reading = article_reading(name, f"{BODY}第{name}篇。", key=f"mp:{BIZ}:{run_id * 1000 + number + 1}:1")
        reading.template, reading.sources = template, WHOLE if sources is None else sources
        reading.warnings += warnings
        if empty and isinstance(reading.found, Article):
            blank = article_reading(name, "", key=reading.found.key)
            reading = replace(blank, template=template, sources=WHOLE, capture=capture(name))
        write(db.conn, reading, now=NOW, run_id=run_id)
    if killed:
        runs.bury(db.conn, NOW)
        db.conn.commit()
        return []
    found = drift.look(db.conn, run_id)
    runs.end(db.conn, run_id, finish_reason="finished", exit_code=0, counts={}, now=NOW, drift=drift.as_json(found))
    db.conn.commit()
    return found


def without(*names: str) -> dict[str, str]:
    return {name: source for name, source in WHOLE.items() if name not in names}


def test_a_template_that_no_longer_yields_a_field_is_told(db: Database) -> None:
    assert run(db, 20) == []
    (found,) = run(db, 5, sources=without("title"))
    assert (found.template, found.field, found.before, found.now, found.captures) == ("page-2025", "title", 1.0, 0.0, 5)
    assert found.sentence() == "Template page-2025 gave title in 100% of its captures before, in 0% of 5 now."
    (kept,) = runs.load(db.conn, 2).drift  # type: ignore[union-attr]
    assert (kept["field"], kept["sentence"]) == ("title", found.sentence())


def test_several_fields_and_the_text_are_told_each(db: Database) -> None:
    run(db, 20)
    assert [one.field for one in run(db, 6, sources={})] == ["account", "biz", "mid", "published_at", "title"]
    assert [one.field for one in run(db, 6, empty=True)] == [TEXT]


@pytest.mark.parametrize(("before", "now"), [(LEAST_BEFORE - 1, 50), (50, LEAST_NOW - 1)])
def test_few_captures_prove_nothing(db: Database, before: int, now: int) -> None:
    run(db, before)
    assert run(db, now, sources={}) == []


def test_another_template_or_another_place_of_the_value_is_no_drift(db: Database) -> None:
    run(db, 20)
    assert run(db, 6, template="page-2026", sources={}) == []
    assert run(db, 6, sources=WHOLE | {"title": "og:title", "biz": "page url"}) == []


def test_what_only_a_path_or_a_table_tells_is_not_of_the_page(db: Database) -> None:
    run(db, 20)
    (found,) = run(db, 6, sources=WHOLE | {"title": "path"})
    assert found.field == "title"
    assert run(db, 0) == []


def test_an_alarm_lasts_while_the_pages_stay_so_and_ends_when_they_are_what_came_before(db: Database) -> None:
    run(db, 60)
    alarms = [bool(run(db, 5, sources=without("title"))) for _ in range(4)]
    assert alarms == [True, True, False, False]


def test_pages_of_a_run_that_was_killed_are_judged_with_the_next(db: Database) -> None:
    run(db, 20)
    run(db, 8, sources=without("biz"), killed=True)
    (found,) = run(db, 1)
    assert (found.field, found.captures) == ("biz", 9)
    assert run(db, 1) == []


def test_what_a_merge_brought_is_what_came_before(db: Database) -> None:
    run_id = runs.begin(db.conn, "merge", {}, NOW)
    runs.end(db.conn, run_id, finish_reason="finished", exit_code=0, counts={}, now=NOW)
    db.execute("UPDATE runs SET spider = 'merge' WHERE id = ?", (run_id,))
    run(db, 20)
    tally = db.execute("SELECT value FROM state WHERE name = 'drift'").fetchone()[0]
    assert '"through": 2' in tally
    assert '"page-2025": [20, ' in tally


def test_after_a_renormalisation_the_tally_is_made_anew(db: Database) -> None:
    run(db, 20, sources=without("title"))
    db.execute("UPDATE captures SET sources = json_set(sources, '$.title', 'og:title')")
    assert run(db, 6, sources=without("title")) == [], "the tally was made when the title was not read"
    done = runs.begin(db.conn, "renormalize", {}, NOW)
    runs.end(db.conn, done, finish_reason="finished", exit_code=0, counts={}, now=NOW)
    db.execute("UPDATE captures SET sources = json_set(sources, '$.title', 'og:title')")
    assert [one.field for one in run(db, 6, sources=without("title"))] == ["title"]


def test_pages_of_an_unknown_kind_are_told_each_kind(db: Database) -> None:
    found = run(db, 3, warnings=("item_show_type 42 is not known; read as an article",))
    assert [one.sentence() for one in found] == ["3 pages are of a kind that is not known here (item_show_type 42)."]
    assert run(db, 2, warnings=("the page ends in the middle; what it has was read",)) == []


def test_a_field_that_only_some_pages_had_is_not_missed(db: Database) -> None:
    run(db, 20)
    run(db, 20, sources=without("title"), template="page-2019")
    assert run(db, 10, sources=without("title"), template="page-2019") == []


shares = st.integers(0, 200).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))


@given(before=shares, now=shares)
def test_the_alarm_is_raised_exactly_when_nearly_all_had_it_and_most_have_not(
    before: tuple[int, int], now: tuple[int, int]
) -> None:
    def tally(counts: tuple[int, int]) -> Tally:
        full = dict.fromkeys([*FIELDS, TEXT], counts[0])
        return Tally(counts[0], Counter(full | {"title": counts[1]}))

    found = compare({"t": tally(before)}, {"t": tally(now)})
    enough = before[0] >= LEAST_BEFORE and now[0] >= LEAST_NOW
    assert bool(found) == (enough and before[1] >= 0.9 * before[0] and now[1] < 0.5 * now[0])
    assert {one.field for one in found} <= {"title"}
