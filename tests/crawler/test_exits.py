from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.exits import LONGEST_LINE, OUTCOMES, Exit, exit_code, explain

NEXT = "2026-05-02T03:15:00Z"
COUNTS = dict.fromkeys(OUTCOMES, 0) | {"stored": 12, "rejected": 3}
BAD = [code for code in Exit if code != Exit.DONE]
DRIFT = [f"Template page-{year} gave title in 99% of its captures before, in 0% of 30 now." for year in range(4)]


@pytest.mark.parametrize("code", BAD)
def test_every_code_says_what_happened_what_was_lost_what_to_do_and_when_the_next_try_is(code: Exit) -> None:
    lines = explain(code, COUNTS, "the reason why", "/srv/a.db", drift=DRIFT, next_try=NEXT)
    assert lines[-3].startswith("Lost: nothing")
    assert lines[-2].startswith("To do: ")
    assert len(lines[-2]) > len("To do: nothing")
    assert lines[-1] == f"Next try: {NEXT}, as scheduled."
    assert explain(code, COUNTS, "", "/srv/a.db")[-1].startswith("Next try: at the next run of cron")


def test_a_run_that_went_well_says_nothing() -> None:
    assert explain(Exit.DONE, COUNTS, "", "/srv/a.db", next_try=NEXT) == []


@pytest.mark.parametrize("code", [Exit.FAILED, Exit.USAGE, Exit.STOPPED_BY_SITE, Exit.DATABASE, Exit.LOCKED])
def test_the_reason_is_in_the_first_line(code: Exit) -> None:
    assert "the reason why." in explain(code, COUNTS, "the reason why", "/srv/a.db")[0]
    assert ".." not in explain(code, COUNTS, "A whole sentence.", "/srv/a.db")[0]


@pytest.mark.parametrize("code", [Exit.FAILED, Exit.STOPPED_BY_SITE, Exit.INTERRUPTED, Exit.TERMINATED])
def test_a_run_that_was_cut_short_says_what_came_in(code: Exit) -> None:
    assert "12 new captures are stored." in explain(code, COUNTS, "why", "/srv/a.db")[0]
    assert "stored." not in explain(code, dict.fromkeys(OUTCOMES, 0), "why", "/srv/a.db")[0]


def test_rejections_name_the_query_that_shows_them() -> None:
    lines = explain(Exit.REJECTED, COUNTS, "", "/srv/my archive/a.db")
    assert lines[0] == "3 new captures could not be read; everything else is stored."
    assert "sqlite3 '/srv/my archive/a.db' 'SELECT name, reason, detail FROM rejected" in lines[2]


def test_drift_is_told_and_the_rest_of_it_counted() -> None:
    lines = explain(Exit.REJECTED, COUNTS | {"rejected": 0}, "", "/srv/a.db", drift=DRIFT)
    assert lines[:2] == DRIFT[:2]
    assert lines[2].startswith("... and 2 more")
    assert "scrapy renormalize" in lines[4]
    assert "could not be read" not in " ".join(lines)


@given(
    code=st.sampled_from(BAD),
    detail=st.text(max_size=2000),
    database=st.text(max_size=300),
    drift=st.lists(st.text(max_size=300), max_size=20),
    counts=st.dictionaries(st.sampled_from(OUTCOMES), st.integers(0, 10**9)),
)
def test_whatever_happened_it_is_a_mail_of_few_short_lines(
    code: Exit, detail: str, database: str, drift: list[str], counts: dict[str, int]
) -> None:
    lines = explain(code, counts, detail, database, drift=drift, next_try=NEXT)
    assert 3 <= len(lines) <= 8  # with the JSON line: fewer than ten
    assert all(len(line) <= LONGEST_LINE and len(line.splitlines()) <= 1 for line in lines)
    assert not any(character < " " or "\x7f" <= character <= "\x9f" for line in lines for character in line)


def test_the_worst_of_several_wins() -> None:
    happened = {"store_error": True, "faults": 1, "signum": 15, "stopped_by_site": True}
    rejected = {"rejected": 1}
    assert exit_code(rejected, **happened) == Exit.DATABASE  # type: ignore[arg-type]
    assert exit_code(rejected, **happened | {"store_error": False}) == Exit.FAILED  # type: ignore[arg-type]
    calm = happened | {"store_error": False, "faults": 0}
    assert exit_code(rejected, **calm) == Exit.TERMINATED  # type: ignore[arg-type]
    assert exit_code(rejected, **calm | {"signum": None}) == Exit.STOPPED_BY_SITE  # type: ignore[arg-type]
    quiet = calm | {"signum": None, "stopped_by_site": False}
    assert exit_code(rejected, **quiet) == Exit.REJECTED  # type: ignore[arg-type]
    assert exit_code({}, **quiet) == Exit.DONE  # type: ignore[arg-type]
