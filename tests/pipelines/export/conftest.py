"""An archive of the fixtures, made once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from archives import FIXTURES, captures_in, make_database

from pipelines.archive import Archive

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of all fixtures; not to be changed."""
    return make_database(tmp_path_factory.mktemp("fixtures") / "articles.db", captures_in(FIXTURES))


@pytest.fixture
def archive(database: Path) -> Iterator[Archive]:
    """The fixtures' archive."""
    with Archive.open(database) as opened:
        yield opened
