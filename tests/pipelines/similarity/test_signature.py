"""Signatures: the same everywhere, near for near texts, never an error."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from crawler.text import compact
from pipelines.similarity.shingles import jaccard, shingle_list
from pipelines.similarity.signature import (
    BANDS,
    LEAST_LENGTH,
    SLOT_BYTES,
    SLOTS,
    VERSION,
    agreement,
    band_values,
    signature,
)

TEXT = "老渡口的石阶有九十九级，撑船的人换了三代，船却一直是那条船。" * 4
OTHER = "集市在每月逢五开张，卖竹器的老人总坐在最靠里的位置，从不吆喝。" * 4


def test_a_known_text_has_a_known_signature() -> None:
    # Where this fails, signatures of archives are others than before: the version has to be raised.
    assert VERSION == "1.2"
    assert (
        hashlib.sha256(signature(TEXT)).hexdigest()
        == "0fd5163adbbd1c0f520b4aa4faf9c218e421841fe4080dc0631ea593c8d6dc6e"
    )


def test_a_signature_has_all_its_slots() -> None:
    assert len(signature(TEXT)) == SLOTS * SLOT_BYTES
    assert len(set(band_values(signature(TEXT)))) == BANDS


def test_a_short_text_has_none() -> None:
    assert signature(TEXT[: LEAST_LENGTH - 1]) == b""
    assert signature(TEXT[:LEAST_LENGTH]) != b""


def test_agreement_estimates_what_is_shared() -> None:
    edited = TEXT[:60] + "如今" + TEXT[60:]
    true = jaccard(frozenset(shingle_list(TEXT)), frozenset(shingle_list(edited)))
    assert abs(agreement(signature(TEXT), signature(edited)) - true) < 0.25
    assert agreement(signature(TEXT), signature(TEXT)) == 1
    assert agreement(signature(TEXT), signature(OTHER)) < 0.1


def test_unlike_texts_share_no_band() -> None:
    assert not set(band_values(signature(TEXT))) & set(band_values(signature(OTHER)))


@given(st.text())
def test_any_text_has_a_signature_or_none(text: str) -> None:
    signed = signature(compact(text))
    assert len(signed) in {0, SLOTS * SLOT_BYTES}
    if signed:
        assert all(0 <= value < 2**47 for value in band_values(signed))


def test_lone_surrogates_are_no_error() -> None:
    assert len(signature("\ud800" * 40)) == SLOTS * SLOT_BYTES
