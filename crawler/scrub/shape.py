"""What a fixture has to have in common with its capture, and what it may not have."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from crawler.items import Article, Listing, Notice, Rejected
from crawler.pages.describe import describe
from crawler.scrub.fakes import HAN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.items import Reading
    from crawler.scrub.vocabulary import Vocabulary

LONGEST = 7  # Han characters in a row that may be the capture's by chance
_RUN = re.compile(f"[{HAN}]{{{LONGEST + 1},}}")
_COUNTED = ("links", "media", "albums", "entries")


def shape_of(reading: Reading) -> dict[str, Any]:
    """Outcome, reason, template, fields present, and counts: what scrubbing must not change."""
    found = reading.found
    described = describe(reading)
    made: dict[str, Any] = {"outcome": described["outcome"], "template": described["template"]}
    made["fields"] = sorted([*described["fields"], *(f"account.{name}" for name in described.get("account", ()))])
    if isinstance(found, (Notice, Rejected)):
        made["reason"] = found.reason
    if isinstance(found, (Article, Listing)):
        made["kind"] = found.kind
    for name in _COUNTED:
        made[name] = len(getattr(found, name, ()))
    if isinstance(found, Article) and reading.normalized is not None:
        made["lines"] = found.full_text.count("\n") + 1
        made["removed"] = dict(sorted(Counter(span.kind for span in reading.normalized.spans).items()))
        made["credits"] = len(reading.normalized.credits)
    return made


def differences(original: Reading, fixture: Reading) -> list[str]:
    """A sentence for each respect in which `fixture` has another shape."""
    before, after = shape_of(original), shape_of(fixture)
    told = []
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        if name == "fields" and isinstance(old, list) and isinstance(new, list):
            old, new = sorted({*old} - {*new}), sorted({*new} - {*old})
            if old or new:
                told.append(f"fields: lost {', '.join(old) or 'none'}, gained {', '.join(new) or 'none'}")
        elif old != new:
            told.append(f"{name}: {old} in the capture, {new} in the fixture")
    return told


def survivors(original: Iterable[str], fixture: Iterable[str], kept: Iterable[str], words: Vocabulary) -> list[str]:
    """Runs of more than `LONGEST` Han characters of the `original` texts that stand in `fixture`.

    Not those that stand in `kept`, or that are made of `words` alone.
    """
    return sorted((_grams(original) & _grams(fixture, words)) - _grams(kept))


def surviving_values(values: Iterable[str], fixture: str, kept: Iterable[str]) -> list[str]:
    """Those of `values` (ids, names) that stand in `fixture` (its escapes undone).

    Not short ones, and none that is part of `kept`.
    """
    allowed = "\n".join(kept)
    return sorted({value for value in values if _tells(value) and value in fixture and value not in allowed})


def _tells(value: str) -> bool:
    return len(value) > (3 if re.search(f"[{HAN}]", value) else 5)


def _grams(texts: Iterable[str], words: Vocabulary | None = None) -> set[str]:
    """Every run of that length in `texts`, less those that are made of `words` alone."""
    found: set[str] = set()
    for run in (run for text in texts for run in _RUN.findall(text)):
        covered = [False] * len(run)
        for start, end in words.places(run) if words else ():
            covered[start:end] = [True] * (end - start)
        found.update(
            run[start : start + LONGEST + 1]
            for start in range(len(run) - LONGEST)
            if not all(covered[start : start + LONGEST + 1])
        )
    return found
