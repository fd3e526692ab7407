-- Times are UTC text, `2020-02-28T12:34:56Z`. `*_seen_at` of captures and files are times of reading;
-- everywhere else they are times at which captures were taken.

CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  spider TEXT NOT NULL,
  arguments TEXT NOT NULL,          -- JSON object, less credentials
  started_at TEXT NOT NULL,
  finished_at TEXT,
  finish_reason TEXT,
  exit_code INTEGER,
  counts TEXT NOT NULL DEFAULT '{}' -- JSON object
) STRICT;

CREATE TABLE accounts (
  id INTEGER PRIMARY KEY,
  biz TEXT UNIQUE,
  ghid TEXT UNIQUE,
  alias TEXT,
  name TEXT,
  intro TEXT,
  label TEXT NOT NULL,
  first_seen_at TEXT NOT NULL,
  last_seen_at TEXT NOT NULL
) STRICT;
CREATE INDEX accounts_name ON accounts (name);

CREATE TABLE account_keys (
  key TEXT PRIMARY KEY,             -- biz:..., ghid:..., alias:..., name:...
  account_id INTEGER NOT NULL REFERENCES accounts (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX account_keys_account ON account_keys (account_id);

CREATE TABLE account_names (
  account_id INTEGER NOT NULL REFERENCES accounts (id),
  name TEXT NOT NULL,
  first_seen_at TEXT NOT NULL,
  last_seen_at TEXT NOT NULL,
  PRIMARY KEY (account_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE account_values (
  account_id INTEGER NOT NULL REFERENCES accounts (id),
  field TEXT NOT NULL,              -- alias or intro
  value TEXT NOT NULL,
  first_seen_at TEXT NOT NULL,
  last_seen_at TEXT NOT NULL,
  PRIMARY KEY (account_id, field, value)
) STRICT, WITHOUT ROWID;

CREATE TABLE articles (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  account_id INTEGER REFERENCES accounts (id),
  kind TEXT NOT NULL,
  title TEXT,
  headline TEXT NOT NULL,
  author TEXT,
  digest TEXT,
  url TEXT,
  source_url TEXT,
  cover_url TEXT,
  published_at TEXT,
  published_on TEXT,                -- day in Beijing
  published_precision TEXT,
  published_source TEXT,
  is_original INTEGER,
  ip_region TEXT,
  body TEXT NOT NULL,
  char_count INTEGER NOT NULL,
  content_hash TEXT NOT NULL,
  duplicate_of INTEGER REFERENCES articles (id),
  duplicate_kind TEXT,
  similarity REAL,
  status TEXT NOT NULL,
  status_at TEXT NOT NULL,
  last_available_at TEXT,
  evidence TEXT NOT NULL,
  revision_id INTEGER REFERENCES revisions (id) DEFERRABLE INITIALLY DEFERRED,
  rules_version TEXT NOT NULL,
  declaration TEXT,
  is_title_modified INTEGER,
  modified_at TEXT,
  is_paid INTEGER,
  comment_id TEXT,
  first_seen_at TEXT NOT NULL,
  last_seen_at TEXT NOT NULL,
  updated_at TEXT NOT NULL          -- when this row was last written
) STRICT;
CREATE INDEX articles_account ON articles (account_id, published_on);
CREATE INDEX articles_published_on ON articles (published_on);
CREATE INDEX articles_content_hash ON articles (content_hash);
CREATE INDEX articles_duplicate_of ON articles (duplicate_of) WHERE duplicate_of IS NOT NULL;
CREATE INDEX articles_status ON articles (status);

CREATE TABLE raw (
  sha256 TEXT PRIMARY KEY,          -- of the bytes as captured
  size INTEGER NOT NULL,            -- of the bytes as captured
  encoding TEXT NOT NULL,           -- zstd or identity: how `bytes` holds them
  bytes BLOB NOT NULL
) STRICT;

CREATE TABLE captures (
  id INTEGER PRIMARY KEY,
  uri TEXT NOT NULL,
  name TEXT NOT NULL,
  outcome TEXT NOT NULL,
  reason TEXT,
  detail TEXT,
  article_id INTEGER REFERENCES articles (id),
  revision_id INTEGER REFERENCES revisions (id) DEFERRABLE INITIALLY DEFERRED,
  sha256 TEXT NOT NULL,
  media_type TEXT,
  template TEXT,
  captured_at TEXT NOT NULL,
  captured_at_source TEXT NOT NULL,
  first_seen_at TEXT NOT NULL,
  last_seen_at TEXT NOT NULL,
  run_id INTEGER REFERENCES runs (id),
  url TEXT,                         -- what was asked for, where the container says
  context TEXT,                     -- JSON: what the source knew beside the bytes (media type, hints)
  account TEXT,                     -- JSON: what the capture says of its account
  evidence TEXT,
  reading BLOB,                     -- zstd of JSON: what the reader found, less the full text
  text BLOB,                        -- zstd of JSON: the full text, where its letters are not those of the revision
  sources TEXT,                     -- JSON object: field -> where its value came from
  warnings TEXT,                    -- JSON array
  UNIQUE (uri, sha256)
) STRICT;
CREATE INDEX captures_sha256 ON captures (sha256);
CREATE INDEX captures_article ON captures (article_id, captured_at);
CREATE INDEX captures_revision ON captures (revision_id);
CREATE INDEX captures_run ON captures (run_id);
CREATE INDEX captures_outcome ON captures (outcome, reason);

CREATE TABLE capture_keys (
  key TEXT NOT NULL,
  capture_id INTEGER NOT NULL REFERENCES captures (id),
  PRIMARY KEY (key, capture_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX capture_keys_capture ON capture_keys (capture_id);

CREATE TABLE files (
  uri TEXT PRIMARY KEY,
  size INTEGER NOT NULL,
  mtime_ns INTEGER NOT NULL,
  captures INTEGER NOT NULL,
  rejected INTEGER NOT NULL,
  ignored INTEGER NOT NULL,
  last_seen_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE revisions (
  id INTEGER PRIMARY KEY,
  article_id INTEGER NOT NULL REFERENCES articles (id),
  number INTEGER NOT NULL,
  capture_id INTEGER NOT NULL REFERENCES captures (id) DEFERRABLE INITIALLY DEFERRED,
  title TEXT,
  full_text TEXT NOT NULL,
  text_hash TEXT NOT NULL,          -- sha256 of the compacted full text
  content_hash TEXT NOT NULL,       -- sha256 of the compacted body: the full text less its boilerplate
  char_count INTEGER NOT NULL,      -- code points of the compacted body
  seen_at TEXT NOT NULL,
  rules_version TEXT NOT NULL,
  UNIQUE (article_id, text_hash)
) STRICT;

CREATE TABLE boilerplate (
  revision_id INTEGER NOT NULL REFERENCES revisions (id) ON DELETE CASCADE,
  article_id INTEGER NOT NULL REFERENCES articles (id),
  start INTEGER NOT NULL,           -- code points
  end INTEGER NOT NULL,
  kind TEXT NOT NULL,
  rule TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (revision_id, start)
) STRICT, WITHOUT ROWID;
CREATE INDEX boilerplate_article ON boilerplate (article_id);
CREATE INDEX boilerplate_rule ON boilerplate (rule);

CREATE TABLE credits (
  revision_id INTEGER NOT NULL REFERENCES revisions (id) ON DELETE CASCADE,
  article_id INTEGER NOT NULL REFERENCES articles (id),
  position INTEGER NOT NULL,
  role TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (revision_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX credits_article ON credits (article_id);
CREATE INDEX credits_name ON credits (name);

CREATE TABLE keys (
  key TEXT PRIMARY KEY,
  article_id INTEGER NOT NULL REFERENCES articles (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX keys_article ON keys (article_id);

CREATE TABLE urls (
  url TEXT NOT NULL,
  article_id INTEGER NOT NULL REFERENCES articles (id),
  form TEXT NOT NULL,
  PRIMARY KEY (url, article_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX urls_article ON urls (article_id);

CREATE TABLE links (
  article_id INTEGER NOT NULL REFERENCES articles (id),
  position INTEGER NOT NULL,
  url TEXT NOT NULL,
  text TEXT NOT NULL,
  kind TEXT NOT NULL,
  target_key TEXT,
  PRIMARY KEY (article_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX links_target ON links (target_key) WHERE target_key IS NOT NULL;

CREATE TABLE media (
  article_id INTEGER NOT NULL REFERENCES articles (id),
  position INTEGER NOT NULL,
  kind TEXT NOT NULL,
  url TEXT,
  media_id TEXT,
  title TEXT,
  width INTEGER,
  height INTEGER,
  duration REAL,                    -- seconds
  size INTEGER,                     -- bytes
  PRIMARY KEY (article_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE albums (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,         -- album:<id>, or title:<title> where no id is known
  album_id TEXT,
  title TEXT NOT NULL,
  url TEXT,
  size INTEGER,
  seen_at TEXT NOT NULL
) STRICT;

CREATE TABLE album_articles (
  album_id INTEGER NOT NULL REFERENCES albums (id),
  article_id INTEGER NOT NULL REFERENCES articles (id),
  position INTEGER,
  PRIMARY KEY (album_id, article_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX album_articles_article ON album_articles (article_id);

CREATE TABLE similar (
  a INTEGER NOT NULL REFERENCES articles (id),
  b INTEGER NOT NULL REFERENCES articles (id),
  similarity REAL NOT NULL,
  kind TEXT NOT NULL,
  PRIMARY KEY (a, b),
  CHECK (a < b)
) STRICT, WITHOUT ROWID;
CREATE INDEX similar_b ON similar (b);

CREATE TABLE reposts (
  article_id INTEGER PRIMARY KEY REFERENCES articles (id),
  kind TEXT NOT NULL,               -- reprint or share
  source_key TEXT,
  source_account TEXT,
  source_biz TEXT,
  source_ghid TEXT,
  source_author TEXT,
  source_title TEXT,
  source_url TEXT
) STRICT;
CREATE INDEX reposts_source ON reposts (source_key) WHERE source_key IS NOT NULL;

CREATE TABLE notices (
  id INTEGER PRIMARY KEY,
  capture_id INTEGER NOT NULL UNIQUE REFERENCES captures (id),
  url TEXT,
  key TEXT,
  article_id INTEGER REFERENCES articles (id),
  account_id INTEGER REFERENCES accounts (id),
  reason TEXT NOT NULL,
  retryable INTEGER NOT NULL,
  detail TEXT NOT NULL,
  target_url TEXT,
  seen_at TEXT NOT NULL
) STRICT;
CREATE INDEX notices_key ON notices (key) WHERE key IS NOT NULL;
CREATE INDEX notices_article ON notices (article_id) WHERE article_id IS NOT NULL;

CREATE TABLE listed (
  capture_id INTEGER NOT NULL REFERENCES captures (id),
  position INTEGER NOT NULL,
  key TEXT,
  url TEXT,
  title TEXT,
  digest TEXT,
  author TEXT,
  cover_url TEXT,
  published_at TEXT,
  is_deleted INTEGER NOT NULL,
  account_id INTEGER REFERENCES accounts (id),
  album_id TEXT,
  PRIMARY KEY (capture_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX listed_key ON listed (key) WHERE key IS NOT NULL;

CREATE TABLE metrics (
  article_id INTEGER NOT NULL REFERENCES articles (id),
  capture_id INTEGER PRIMARY KEY REFERENCES captures (id),
  seen_at TEXT NOT NULL,
  reads INTEGER,
  likes INTEGER,
  shares INTEGER,
  comments INTEGER
) STRICT;
CREATE INDEX metrics_article ON metrics (article_id, seen_at);

CREATE TABLE frontier (
  url TEXT PRIMARY KEY,
  state TEXT NOT NULL DEFAULT 'pending',
  priority INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  not_before TEXT,
  leased_by TEXT,
  leased_until TEXT,
  error TEXT,
  source_id INTEGER REFERENCES sources (id),
  added_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CHECK (state IN ('pending', 'leased', 'done', 'failed', 'dead'))
) STRICT;
CREATE INDEX frontier_next ON frontier (state, not_before, priority DESC);

CREATE TABLE sources (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  target TEXT NOT NULL,
  every TEXT,
  next_due TEXT,
  paused INTEGER NOT NULL DEFAULT 0,
  options TEXT NOT NULL DEFAULT '{}',
  added_at TEXT NOT NULL,
  last_run_id INTEGER REFERENCES runs (id),
  UNIQUE (kind, target)
) STRICT;

CREATE TABLE state (
  name TEXT PRIMARY KEY,            -- of a long job that goes on where it was stopped
  value TEXT NOT NULL               -- JSON
) STRICT, WITHOUT ROWID;
