-- Near-duplicates, captures joined by their text, and what kind of change a revision is.

-- Against the revision before it: first, edit, form, boilerplate or noise.
ALTER TABLE revisions ADD COLUMN change TEXT NOT NULL DEFAULT 'first';

-- By what a capture that has nothing but its text to go by, and the pages that it may be of, find each other.
CREATE TABLE text_keys (
  value INTEGER NOT NULL,
  capture_id INTEGER NOT NULL REFERENCES captures (id),
  PRIMARY KEY (value, capture_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX text_keys_capture ON text_keys (capture_id);

ALTER TABLE revisions ADD COLUMN signature BLOB NOT NULL DEFAULT x''; -- MinHash of the compacted body

-- What an article's pairs in `similar`, and its place in a cluster, were last derived from.
CREATE TABLE likeness (
  article_id INTEGER PRIMARY KEY REFERENCES articles (id),
  signature BLOB NOT NULL,
  level INTEGER NOT NULL,           -- in large buckets only pairs with an article of a high level are looked at
  inputs BLOB NOT NULL,             -- digest of what its pairs depend on
  standing BLOB NOT NULL            -- digest of what decides who represents its cluster
) STRICT;

-- Which articles share a band of their signatures: those with the same value are a bucket.
CREATE TABLE bands (
  value INTEGER NOT NULL,
  level INTEGER NOT NULL,
  article_id INTEGER NOT NULL,
  PRIMARY KEY (value, level, article_id)
) STRICT, WITHOUT ROWID;

-- Buckets with so many members that they are not counted each time.
CREATE TABLE crowds (
  value INTEGER PRIMARY KEY,
  members INTEGER NOT NULL
) STRICT;

-- Articles that are connected by exact and near pairs; `root` represents them.
CREATE TABLE clusters (
  article_id INTEGER PRIMARY KEY,
  root INTEGER NOT NULL
) STRICT;
CREATE INDEX clusters_root ON clusters (root);

-- Articles of large clusters that are to be formed anew before the transaction ends.
CREATE TABLE unsettled (
  article_id INTEGER PRIMARY KEY
) STRICT;
