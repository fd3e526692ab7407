from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipelines.store.database import open_for_writing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlite_utils import Database


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = open_for_writing(tmp_path / "articles.db")
    yield database
    database.close()
