"""How well a text was split: measures over labelled documents, character by character.

A document's visible text is given in pieces, each body (None) or a kind of boilerplate. What a splitter kept is
aligned with the whole text by their longest common subsequence; only letters, digits and ideographs count.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from rapidfuzz.distance import LCSseq

from crawler.text import compact, join_lines
from pipelines.boilerplate import Context, RuleSet, split

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from crawler.items import Evidence, Normalized

_NO_CONTENT = re.compile(r"[\W_]+")
_EVIDENCE: dict[str, Evidence] = {
    "html": "page",
    "html-text": "page",
    "dump": "dump",
    "markdown": "export",
    "text": "text",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One labelled document."""

    id: str
    type: str
    account: str | None
    title: str | None
    spans: tuple[tuple[str, str | None], ...]  # text and kind (None: body), in reading order
    credits: frozenset[tuple[str, str]]  # role and name

    @property
    def full_text(self) -> str:
        """The text as a reader of captures gives it."""
        return join_lines("".join(text for text, _ in self.spans).splitlines())

    def on_one_line(self) -> Document:
        """The same as dumps have it: all lines glued to one."""
        spans = tuple(("".join(text.splitlines()), kind) for text, kind in self.spans)
        return replace(self, type="dump", spans=spans)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Characters of one document."""

    id: str
    junk: int  # labelled boilerplate
    body: int  # labelled body
    removed: int
    hit: int  # removed and labelled boilerplate

    @property
    def recall(self) -> float | None:
        """Of the boilerplate, the share that went; None where there is none."""
        return self.hit / self.junk if self.junk else None

    @property
    def precision(self) -> float:
        """Of what went, the share that was boilerplate; 1 where nothing went."""
        return self.hit / self.removed if self.removed else 1.0

    @property
    def kept(self) -> float:
        """Of the body, the share that stayed."""
        return 1 - (self.removed - self.hit) / self.body if self.body else 1.0


def read_documents(file: Path) -> list[Document]:
    """The documents of a file in JSON Lines: id, type, spans, credits, and where known account and title."""
    return [_document(json.loads(line)) for line in file.read_text("utf-8").splitlines() if line.strip()]


def _document(row: dict[str, Any]) -> Document:
    # A converter's own account card or front matter is not a name; only a plain string is one.
    account = row.get("account")
    return Document(
        id=row["id"],
        type=row["type"],
        account=account if isinstance(account, str) else None,
        title=row.get("title"),
        spans=tuple((text, kind) for text, kind in row["spans"]),
        credits=frozenset((compact(c["role"]), compact(c["name"])) for c in row.get("credits", ())),
    )


def score(document: Document, body: str) -> Score:
    """Compares what was kept of a document with its labels."""
    whole, is_junk = "", []
    for text, kind in document.spans:
        content = _NO_CONTENT.sub("", text)
        whole += content
        is_junk += [kind is not None] * len(content)
    removed = [True] * len(whole)
    for block in LCSseq.opcodes(whole, _NO_CONTENT.sub("", body)):
        if block.tag == "equal":
            removed[block.src_start : block.src_end] = [False] * (block.src_end - block.src_start)
    return Score(
        id=document.id,
        junk=sum(is_junk),
        body=len(is_junk) - sum(is_junk),
        removed=sum(removed),
        hit=sum(gone and junk for gone, junk in zip(removed, is_junk, strict=True)),
    )


def figures(scores: Sequence[Score]) -> dict[str, float]:
    """`removal_f1` of the mean recall and mean precision, `micro_f1` over all characters, mean `body_kept`."""
    recall = _mean(s.recall for s in scores if s.recall is not None)
    precision = _mean(s.precision for s in scores)
    hit = sum(s.hit for s in scores)
    return {
        "removal_f1": _harmonic(recall, precision),
        "micro_f1": _ratio(2 * hit, sum(s.removed + s.junk for s in scores)),
        "body_kept": _mean(s.kept for s in scores),
    }


def measure(
    documents: Sequence[Document], rules: RuleSet, splitter: Callable[..., Normalized] = split
) -> tuple[dict[str, float], list[Score]]:
    """The figures of `splitter` over `documents`, those of credits included, and each document's score."""
    scores: list[Score] = []
    right = wanted = given = 0
    for document in documents:
        context = Context(account=document.account, title=document.title, evidence=_EVIDENCE.get(document.type, "text"))
        normalized = splitter(document.full_text, context=context, rules=rules)
        scores.append(score(document, normalized.body))
        found = {(compact(credit.role), compact(credit.name)) for credit in normalized.credits}
        right += len(found & document.credits)
        wanted += len(document.credits)
        given += len(found)
    found_figures = figures(scores)
    if wanted:
        found_figures["credits_recall"] = right / wanted
        found_figures["credits_precision"] = _ratio(right, given)
    return found_figures, scores


def _mean(values: Iterable[float]) -> float:
    given = list(values)
    return sum(given) / len(given) if given else 1.0


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 1.0


def _harmonic(a: float, b: float) -> float:
    return 2 * a * b / (a + b) if a + b else 0.0
