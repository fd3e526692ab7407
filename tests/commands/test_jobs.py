from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from running import PROJECT, Ended

from pipelines.store.database import connect
from pipelines.store.projection import projection

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_several_readers_give_the_same_database_and_the_same_counts(
    crawl: Callable[..., Ended], tmp_path: Path
) -> None:
    told = []
    for jobs in ("1", "3"):
        database = tmp_path / f"{jobs}.db"
        ended = crawl(PROJECT / "fixtures", "-a", f"jobs={jobs}", database=database)
        assert ended.code == 0
        counts = {name: count for name, count in ended.report.items() if name not in ("database", "seconds")}
        with closing(connect(database, read_only=True)) as db:
            told.append((counts, list(projection(db.conn))))
        again = crawl(PROJECT / "fixtures", "-a", f"jobs={jobs}", database=database)
        assert again.report["stored"] == again.report["rejected"] == 0
        assert again.report["seen_before"] > 100
    assert told[0] == told[1]


@pytest.mark.parametrize("jobs", ["0", "-1", "two", "1000"])
def test_a_number_of_readers_that_cannot_be_is_refused(crawl: Callable[..., Ended], folder: Path, jobs: str) -> None:
    ended = crawl(folder, "-a", f"jobs={jobs}")
    assert ended.code == 2
    assert "say how many processes are to read" in ended.err
