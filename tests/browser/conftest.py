"""A browser, and an archive served to it. Without Chromium these tests are skipped; where CI is set, they fail."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect, sync_playwright
from serving import serving
from shelf import make_archive

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request

SIZES = {"desktop": (1280, 900), "phone": (390, 844)}

# Nothing here is timed: a machine that is busy with other things may take as long as it needs.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that has the database and, in shelf/, its captures."""
    folder = tmp_path_factory.mktemp("browser")
    make_archive(folder)
    return folder


@pytest.fixture(scope="module")
def url(shelf: Path) -> Iterator[str]:
    with serving(shelf / "articles.db") as served:
        yield served.url.rstrip("/")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Not for longer than these tests: Playwright has an event loop running as long as it is there."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        why = "no Chromium: on Debian, apt-get install chromium fonts-noto-cjk"
        pytest.fail(why) if os.environ.get("CI") else pytest.skip(why)
    # Chromium's own sandbox does not work for root.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield started
        started.close()


@pytest.fixture(params=SIZES)
def page(browser: Browser, url: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of each size. What it complains of, and what it asks of anyone else, fails the test."""
    width, height = SIZES[request.param]
    context = browser.new_context(viewport={"width": width, "height": height}, base_url=url, locale="zh-CN")
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        complaints.append(f"{message.type}: {message.text}")

    def note_error(error: Error) -> None:
        complaints.append(f"error: {error}")

    def note_request(asked: Request) -> None:
        if not asked.url.startswith(url):
            complaints.append(f"asked for {asked.url}")

    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    opened.on("console", note)
    opened.on("pageerror", note_error)
    opened.on("request", note_request)
    yield opened
    context.close()
    assert complaints == []
