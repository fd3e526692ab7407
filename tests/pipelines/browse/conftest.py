"""An archive to be shown, made once, and what asks its pages without a browser."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from shelf import make_archive

from pipelines.browse.server import application
from pipelines.browse.site import Site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_archive(tmp_path_factory.mktemp("browse"))


@pytest.fixture(scope="module")
def ask(database: Path) -> Iterator[Callable[..., Any]]:
    """Asks for a page; gives httpx's response."""
    with application(Site(path=database)) as datasette:
        yield lambda path, method="get", **options: asyncio.run(getattr(datasette.client, method)(path, **options))
