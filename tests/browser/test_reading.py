"""What readers do, in a browser, at a desk and on a phone: search, narrow, open, read, download."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from shelf import COPY, HOSTILE, LANTERN, LANTERN_TITLE

if TYPE_CHECKING:
    from playwright.sync_api import Page

WIDTHS = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"


def fits(page: Page) -> bool:
    """Is nothing wider than the screen, so that one never has to scroll sideways?"""
    wide, shown = page.evaluate(WIDTHS)
    return bool(wide <= shown)


def test_from_the_first_page_through_a_search_to_an_article_and_its_bytes(page: Page, shelf: Path) -> None:
    page.goto("/")
    expect(page.get_by_role("img", name=re.compile("Articles by month, 2024-01 to 2025-05"))).to_be_visible()
    assert fits(page)
    page.get_by_label("Search titles, authors, accounts and texts").fill("走马灯")
    page.get_by_role("main").get_by_role("button", name="Search").click()
    expect(page.get_by_role("status")).to_have_text("2 articles")
    expect(page.locator(".snippet mark").first).to_have_text("走马灯")
    assert fits(page)
    page.get_by_role("link", name=LANTERN_TITLE).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(LANTERN_TITLE)
    expect(page.get_by_text("No longer available: deleted")).to_be_visible()
    expect(page.get_by_text("选竹、破竹")).to_be_visible()
    assert fits(page)
    removed = page.get_by_text("长按识别二维码，关注我们")
    expect(removed).to_be_hidden()
    page.get_by_text("Removed from the text").click()
    expect(removed).to_be_visible()
    page.get_by_text("3 captures").click()
    assert fits(page)
    with page.expect_download() as begun:
        page.get_by_role("link", name="Download the bytes").first.click()
    assert begun.value.suggested_filename.endswith(".bin")
    got = Path(begun.value.path()).read_bytes()
    assert got == (shelf / "shelf" / "lantern-gone.html").read_bytes(), "the latest capture stands first"


def test_a_search_is_narrowed_by_year_and_its_pages_turned(page: Page) -> None:
    page.goto("/-/find?q=渡船")
    expect(page.get_by_role("status")).to_have_text("30 articles")
    page.get_by_role("link", name="Page 2 →").click()
    expect(page.locator(".hits > li")).to_have_count(10)
    page.get_by_role("navigation", name="Narrow the search").get_by_role("link", name="2025").click()
    expect(page.get_by_role("status")).to_have_text("8 articles")
    expect(page.get_by_label("From day or year")).to_have_value("2025-01-01")
    assert fits(page)


def test_tables_have_facets_that_narrow_them_and_lead_to_articles(page: Page) -> None:
    page.goto("/-/tables")
    assert fits(page)
    page.get_by_role("link", name="Articles", exact=True).nth(1).click()
    expect(page.get_by_role("heading", name="33 rows")).to_be_visible()
    page.locator(".facet-results").get_by_role("link", name="deleted").click()
    expect(page.get_by_role("heading", name='1 row where status = "deleted"')).to_be_visible()
    assert fits(page)
    page.get_by_role("link", name=LANTERN).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(LANTERN_TITLE)


def test_the_box_above_the_tables_searches_articles(page: Page) -> None:
    page.goto("/archive/captures")
    page.get_by_label("Search articles").fill("竹匠")
    page.get_by_label("Search articles").press("Enter")
    expect(page.get_by_role("status")).to_have_text("2 articles")


@pytest.mark.parametrize("path", ["/archive", "/archive/what_was_edited", "/archive/articles/1", "/-/accounts"])
def test_other_pages_fit_too(page: Page, path: str) -> None:
    page.goto(path)
    assert fits(page)


def test_a_revision_shows_what_was_changed(page: Page) -> None:
    page.goto(f"/-/article/{LANTERN}")
    page.get_by_role("link", name="Revision 2").click()
    expect(page.locator(".difference ins").first).to_have_text("五")
    expect(page.locator(".full del").first).to_contain_text("关注我们")
    assert fits(page)


def test_a_hostile_article_does_no_harm(page: Page) -> None:
    for path in (
        f"/-/article/{HOSTILE}",
        f"/-/article/{HOSTILE}/revision/1",
        "/",
        "/-/find?q=cmd",
        "/archive/article_list",
    ):
        page.goto(path)
        assert page.evaluate("window.harmed") is None, path
        assert fits(page), path
    page.goto(f"/-/article/{HOSTILE}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("=cmd|' /C calc'!A0 <script>window.harmed=1</script>")
    expect(page.get_by_text("正文最后一段。")).to_be_visible()
    assert page.locator(".text a[href^='javascript'], .text a[href^='data'], .text img, iframe, object").count() == 0
    assert page.locator("main script, main style, main [style], main [onerror], main [onload]").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_letters_stand_out_from_the_paper_by_day_and_by_night(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for path in (f"/-/article/{LANTERN}", "/", "/-/find?q=走马灯"):
        page.goto(path)
        pale = page.evaluate(_PALE)
        assert pale == [], path


def test_the_keyboard_reaches_text_and_search_without_a_script(page: Page) -> None:
    page.goto(f"/-/article/{COPY}")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the text")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#main$"))
    expect(page.get_by_role("banner")).to_be_visible()
    expect(page.get_by_role("search")).to_be_visible()
    assert page.evaluate("document.scripts.length") == 0


# Texts whose contrast with what is behind them is less than 4.5 to 1.
_PALE = """() => {
  const channels = text => (text.match(/[0-9.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, n) => sum + v * [0.2126, 0.7152, 0.0722][n], 0);
  const behind = node => {
    for (; node; node = node.parentElement) {
      const colour = channels(getComputedStyle(node).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const found = new Set();
  for (const node of document.querySelectorAll('body *')) {
    const own = [...node.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || !node.checkVisibility() || node.closest('svg')) continue;
    const [a, b] = [light(channels(getComputedStyle(node).color)), light(behind(node))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) found.add(`${node.tagName}.${node.className} ${node.textContent.slice(0, 20)}`);
  }
  return [...found];
}"""
