from __future__ import annotations

from urllib.parse import quote, unquote

import pytest

from crawler.scrub.fakes import Faker
from crawler.scrub.ids import scrub_escaped

TEXT = "河边的木匠和他的三条船"


@pytest.mark.parametrize("encoded", [quote(TEXT), quote(quote(TEXT)), quote(TEXT).lower(), quote(f"a {TEXT}/b")])
def test_text_that_is_percent_encoded_is_replaced(encoded: str) -> None:
    made = scrub_escaped(f'href="https://example.org/{encoded}?a=1"', Faker("seed"))
    told = unquote(unquote(made))
    assert not any(TEXT[at : at + 3] in told for at in range(len(TEXT) - 2))
    assert made.startswith('href="https://example.org/')
    assert made.endswith('?a=1"')
    assert len(unquote(unquote(made))) == len(unquote(unquote(f'href="https://example.org/{encoded}?a=1"')))


@pytest.mark.parametrize("text", ["width: 50%; margin: 0", "a%20b%2Fc", "100% sure", "%E", ""])
def test_other_escapes_stay(text: str) -> None:
    assert scrub_escaped(text, Faker("seed")) == text
