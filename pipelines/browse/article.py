"""The reading page of an article, and that of one of its revisions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from pipelines.archive import Archive
from pipelines.browse.shown import changed, with_removed
from pipelines.browse.site import PageError
from pipelines.difference import difference
from pipelines.export.document import document_of
from pipelines.export.html import body_html
from pipelines.store import browsing, history, lookup, revisions

if TYPE_CHECKING:
    from collections.abc import Iterable
    from sqlite3 import Connection

    from crawler.items import Credit
    from crawler.pages import Limits
    from pipelines.store.revisions import RevisionText

_ALIKE = 30
# What a change between two revisions is, for people.
CHANGES = {
    "first": "the first text that is known",
    "edit": "an edit by the author",
    "form": "no edit: the same text in another form of capture",
    "boilerplate": "no edit: the body is the same, what stands around it is not",
    "noise": "no edit: the same letters in other widths",
}
# What two texts are to each other, for people.
KINSHIP = {"exact": "the same text", "near": "nearly the same text", "template": "of the same make"}
# The lines of two texts are compared where there are no more of them: the time grows with their product.
_MOST_LINES = 1_000


def article(db: Connection, reference: str, limits: Limits) -> dict[str, Any]:
    """What the template archive_article.html shows; `reference` as for `scrapy show`. Raises PageError."""
    number = _number(db, reference)
    archive = Archive(db)
    record = archive.article_by_id(number)
    document = document_of(record, bare=True, limits=limits)
    removed = record.boilerplate
    return {
        "article": record,
        "row": lookup.article(db, number),
        # Every text and URL in it is escaped there.
        "body": Markup("\n".join(body_html(document.blocks))),  # noqa: S704
        "credits": by_role(record.credits),
        "removed": removed,
        "removed_length": sum(len(one.text) for one in removed),
        "original": archive.article(record.duplicate_of) if record.duplicate_of else None,
        "alike": browsing.alike(db, number, limit=_ALIKE),
        "repost": record.repost,
        "albums": record.albums,
        "looks": browsing.looks(db, number),
        "versions": browsing.versions(db, number),
        "turns": history.statuses(db, number),
        "metrics": browsing.metrics(db, number),
        "changes": CHANGES,
        "kinship": KINSHIP,
    }


def revision(db: Connection, reference: str, wanted: int) -> dict[str, Any]:
    """What the template archive_revision.html shows: the full text of a revision, and what changed to come to it."""
    number = _number(db, reference)
    known = browsing.versions(db, number)
    chosen = next((one for one in known if one.number == wanted), None)
    if chosen is None:
        raise PageError(404, f"There is no revision {wanted} of this article; there are 1 to {len(known)}.")
    former = next((one for one in reversed(known) if one.number < wanted), None)
    text = revisions.load(db, chosen.id)
    return {
        "row": lookup.article(db, number),
        "revision": chosen,
        "former": former,
        "title": text.title,
        "versions": known,
        "changes": CHANGES,
        "text": with_removed(text.full_text, text.spans),
        "difference": _difference(revisions.load(db, former.id), text) if former else None,
    }


def by_role(credits_: Iterable[Credit]) -> list[tuple[str, list[str]]]:
    """Names by role, in the order in which roles are first named."""
    roles: dict[str, list[str]] = {}
    for credit in credits_:
        roles.setdefault(credit.role, []).append(credit.name)
    return list(roles.items())


def _difference(before: RevisionText, after: RevisionText) -> dict[str, Any] | None:
    """What changed in title and body; None where there is too much to compare."""
    old, new = before.body.strip(), after.body.strip()
    if max(old.count("\n"), new.count("\n")) > _MOST_LINES:
        return None
    titles = difference(before.title or "", after.title or "")
    return {
        "titles": [(row.sign, row.skipped, changed(row)) for row in titles if any(text for _, text in row.parts)],
        "lines": [(row.sign, row.skipped, changed(row)) for row in difference(old, new)],
    }


def _number(db: Connection, reference: str) -> int:
    number = lookup.article_id(db, reference)
    if number is None:
        raise PageError(404, "No article goes by this key. It may be one that a listing names and no capture shows.")
    return number
