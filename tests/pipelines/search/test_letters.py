from __future__ import annotations

import sqlite3
import sys
import unicodedata

import pytest

from pipelines.search.letters import NORMAL_FORMS, normal_form_version
from pipelines.store.schema import statements

EVERY_CODE_POINT = range(sys.maxunicode + 1)


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("扶", "扶"),
        ("貧", "贫"),  # traditional
        ("發", "发"),
        ("髮", "发"),
        ("為", "为"),  # as in Taiwan
        ("爲", "为"),
        ("衞", "卫"),  # as in Hong Kong
        ("著", "着"),
        ("麼", "幺"),  # by way of 么
        ("么", "幺"),
        ("⼈", "人"),  # a radical
        ("豈", "岂"),  # a compatibility ideograph, and traditional
        ("Ａ", "a"),
        ("１", "1"),
        ("，", ","),
        ("㎡", "m2"),
        ("①", "1"),
        ("ß", "ss"),
        ("々", "々"),
        ("😀", "😀"),
        ("\n", " "),
        ("\u3000", " "),
        ("\u200b", ""),
        ("\ufeff", ""),
        ("\ufe0f", ""),  # what makes a character an emoji
        ("\x00", ""),
        ("\u202e", ""),
        ("´", "´"),  # not a blank and a mark that falls on the letter before it
        ("\udc80", "\ufffd"),
    ],
)
def test_forms(written: str, form: str) -> None:
    assert NORMAL_FORMS[ord(written)] == form


def test_a_form_is_its_own_form() -> None:
    forms = {form for code in EVERY_CODE_POINT for form in NORMAL_FORMS[code]}
    assert [form for form in forms if NORMAL_FORMS[ord(form)] != form] == []


def test_the_index_tells_all_forms_apart() -> None:
    forms = sorted({form for code in EVERY_CODE_POINT for form in NORMAL_FORMS[code]} - {" "})
    db = sqlite3.connect(":memory:")
    try:
        db.execute(next(iter(statements("003_search.sql"))))
        db.execute("CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, search_spaced, instance)")
        db.execute("INSERT INTO search_spaced (rowid, body, title, author) VALUES (1, ?, '', '')", (" ".join(forms),))
        assert [row[0] for row in db.execute("SELECT term FROM temp.terms ORDER BY offset")] == forms
    finally:
        db.close()


def test_the_version_names_what_forms_depend_on() -> None:
    assert f"unicode-{unicodedata.unidata_version}" in normal_form_version()
    assert "opencc-1." in normal_form_version()
