-- The network road: what was asked of each host, and looks that showed nothing new.

-- One row a host: its budget of requests and what it asked of us.
CREATE TABLE hosts (
  host TEXT PRIMARY KEY,
  day TEXT NOT NULL,                -- in Beijing: the day that `requests` counts
  requests INTEGER NOT NULL,
  last_request_at TEXT NOT NULL,
  not_before TEXT,                  -- nothing is asked of the host before this moment
  reason TEXT                       -- why
) STRICT;

-- In the order in which URLs are taken.
CREATE INDEX frontier_due ON frontier (priority DESC, updated_at, url) WHERE state IN ('pending', 'failed');

ALTER TABLE captures ADD COLUMN found_hash TEXT; -- of a look over the network: SHA-256 of what its reader found
ALTER TABLE captures ADD COLUMN read_as TEXT;    -- digest of the bytes that stand for it, where its own are not kept
