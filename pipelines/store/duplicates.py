"""Duplicates: articles with another key and the same body, or nearly the same. Linked, never dropped.

Everything here is derived from the articles' rows and their revisions' signatures, in the caller's transaction, and
depends on the set of articles alone. The threshold in force, and what made signatures and pairs, are kept in `state`.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

from pipelines.similarity import pairs, signature
from pipelines.store import revisions
from pipelines.store.clusters import Clusters
from pipelines.store.similar import Pairs

if TYPE_CHECKING:
    from sqlite3 import Connection

logger = logging.getLogger(__name__)

STATE = "similar"
DEFAULT_THRESHOLD = 0.8
# Another one has every signature, pair and cluster made anew.
VERSION = f"{signature.VERSION}/{pairs.RELEASE}"


def link(db: Connection, article_id: int) -> None:
    """Brings an article's pairs and clusters up to date after its row was written."""
    found = Pairs(db)
    changed = found.update(article_id)
    if changed.concerns_clusters:
        _clusters(db, found).follow(article_id, changed)


def remove(db: Connection, article_id: int) -> None:
    """Takes an article that is about to be deleted out of its pairs and clusters."""
    found = Pairs(db)
    changed = found.remove(article_id)
    _clusters(db, found).leave(article_id, changed)


def settle(db: Connection) -> None:
    """Forms the large clusters that changed; to be called before a transaction with `link` or `remove` ends."""
    _clusters(db, Pairs(db)).settle()


def count(db: Connection) -> int:
    """How many articles are duplicates of another."""
    return int(db.execute("SELECT count(*) FROM articles WHERE duplicate_of IS NOT NULL").fetchone()[0])


def prepare(db: Connection, threshold: float | None = None) -> None:
    """Brings a database into line with a threshold (None: the one in force) and this code; before a run writes.

    Cheap where nothing changed. Where the threshold did, clusters are formed anew; where signatures or the rules of
    likeness did, or the database is of an older schema, all of it is, in one transaction.

    Raises:
        ValueError: the threshold is not between the least similarity of pairs and 1.
    """
    version, former = _state(db)
    threshold = former if threshold is None else threshold
    if not pairs.LEAST_SIMILARITY <= threshold <= 1:
        raise ValueError(f"DUPLICATE_SIMILARITY must be from {pairs.LEAST_SIMILARITY} to 1, not {threshold}")
    if (version, former) == (VERSION, threshold):
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        _put_state(db, threshold)
        if version != VERSION:
            derive_all(db)
        else:
            logger.info("Duplicates are linked anew, from a similarity of %s", threshold)
            _clusters(db, Pairs(db)).form_all()
        db.commit()
    except BaseException:
        db.rollback()
        raise


def derive_all(db: Connection) -> None:
    """Makes every signature, pair and cluster anew, in the caller's transaction."""
    articles = db.execute("SELECT id FROM articles WHERE revision_id IS NOT NULL ORDER BY id").fetchall()
    if articles:
        logger.warning("The likeness of %d articles is derived anew, once for this release", len(articles))
    db.execute(
        "UPDATE articles SET duplicate_of = NULL, duplicate_kind = NULL, similarity = NULL "
        "WHERE duplicate_of IS NOT NULL"
    )
    for table in ("similar", "likeness", "bands", "crowds", "clusters", "unsettled"):
        db.execute(f"DELETE FROM {table}")
    revisions.sign_all(db)
    found = Pairs(db)
    for (article_id,) in articles:
        found.update(article_id)
    _clusters(db, found).form_all()


def _clusters(db: Connection, found: Pairs) -> Clusters:
    return Clusters(db, found, _state(db)[1])


def _state(db: Connection) -> tuple[str | None, float]:
    """What made the pairs, None where nothing did, and the threshold in force."""
    row = db.execute("SELECT value FROM state WHERE name = ?", (STATE,)).fetchone()
    if row is None:
        return None, DEFAULT_THRESHOLD
    state = json.loads(row[0])
    return state["version"], state["threshold"]


def _put_state(db: Connection, threshold: float) -> None:
    value = json.dumps({"version": VERSION, "threshold": threshold})
    db.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (STATE, value))
