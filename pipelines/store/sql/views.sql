-- Views for people: names instead of ids, no bodies. Made anew at every migration.

CREATE VIEW article_list AS
SELECT a.key, ac.label AS account, a.published_on, a.headline AS title, a.kind, a.author, a.status, a.char_count,
       d.key AS duplicate_of, a.duplicate_kind, a.evidence, a.url, a.id
FROM articles AS a
LEFT JOIN accounts AS ac ON ac.id = a.account_id
LEFT JOIN articles AS d ON d.id = a.duplicate_of;

CREATE VIEW unique_articles AS
SELECT a.id, a.key, ac.label AS account, a.published_on, a.headline AS title, a.kind, a.author, a.status,
       a.char_count, a.url, a.body,
       (SELECT count(*) FROM articles AS d WHERE d.duplicate_of = a.id) AS duplicates
FROM articles AS a
LEFT JOIN accounts AS ac ON ac.id = a.account_id
WHERE a.duplicate_of IS NULL;

CREATE VIEW account_summary AS
SELECT ac.id, ac.label AS account, ac.name, ac.alias, ac.biz, count(a.id) AS articles,
       count(a.id) - count(a.duplicate_of) AS unique_articles,
       min(a.published_on) AS first_published_on, max(a.published_on) AS last_published_on,
       sum(a.status != 'available') AS no_longer_available, sum(a.char_count) AS char_count
FROM accounts AS ac
LEFT JOIN articles AS a ON a.account_id = ac.id
GROUP BY ac.id;

CREATE VIEW boilerplate_summary AS
SELECT ac.label AS account, b.kind, b.rule, count(*) AS spans, count(DISTINCT b.article_id) AS articles,
       sum(b."end" - b.start) AS char_count, min(b.text) AS example
FROM boilerplate AS b
JOIN articles AS a ON a.id = b.article_id
LEFT JOIN accounts AS ac ON ac.id = a.account_id
GROUP BY a.account_id, b.kind, b.rule;

CREATE VIEW rejected AS
SELECT c.name, c.reason, c.detail, c.uri, c.sha256, c.first_seen_at, c.run_id
FROM captures AS c
WHERE c.outcome = 'rejected';

-- What a page says of its origin (`reprint`, `share`), and what its text says (`exact`, `near`).
CREATE VIEW reprints AS
WITH found AS (
  SELECT r.article_id, o.id AS original_id, r.source_key, r.source_account, r.kind, s.similarity
  FROM reposts AS r
  LEFT JOIN keys AS k ON k.key = r.source_key
  LEFT JOIN articles AS o ON o.id = k.article_id
  LEFT JOIN similar AS s ON s.a = min(r.article_id, o.id) AND s.b = max(r.article_id, o.id)
  UNION ALL
  SELECT d.id, o.id, o.key, NULL, d.duplicate_kind, d.similarity
  FROM articles AS d
  JOIN articles AS o ON o.id = d.duplicate_of
  WHERE d.account_id != o.account_id
    AND NOT EXISTS (
      SELECT 1 FROM reposts AS r JOIN keys AS k ON k.key = r.source_key
      WHERE r.article_id = d.id AND k.article_id = o.id
    )
)
SELECT f.source_key AS original_key, o.headline AS original_title, coalesce(oa.label, f.source_account) AS original_account,
       o.published_on AS original_published_on, a.key AS reprint_key, a.headline AS reprint_title,
       ra.label AS reprint_account, a.published_on AS reprint_published_on,
       CAST(julianday(a.published_on) - julianday(o.published_on) AS INTEGER) AS days_between,
       f.kind, f.similarity
FROM found AS f
JOIN articles AS a ON a.id = f.article_id
LEFT JOIN accounts AS ra ON ra.id = a.account_id
LEFT JOIN articles AS o ON o.id = f.original_id
LEFT JOIN accounts AS oa ON oa.id = o.account_id;

CREATE VIEW edited AS
SELECT a.key, ac.label AS account, a.headline AS title, r.number AS revision, r.seen_at,
       r.char_count - p.char_count AS char_count_change, a.url, a.id
FROM revisions AS r
JOIN articles AS a ON a.id = r.article_id
LEFT JOIN accounts AS ac ON ac.id = a.account_id
LEFT JOIN revisions AS p ON p.article_id = r.article_id AND p.number = r.number - 1
WHERE r.change = 'edit';

CREATE VIEW status_history AS
WITH looks AS (
  SELECT article_id, captured_at AS at, 'available' AS status FROM captures WHERE reading IS NOT NULL
  UNION ALL
  SELECT article_id, seen_at, reason FROM notices
  WHERE article_id IS NOT NULL
    AND reason NOT IN ('expired', 'verification', 'bad_parameters', 'system_error', 'client_only')
), turns AS (
  SELECT *, lag(status) OVER (PARTITION BY article_id ORDER BY at, status != 'available', status) AS former FROM looks
)
SELECT a.key, ac.label AS account, a.headline AS title, t.former, t.status, t.at AS seen_at, a.id
FROM turns AS t
JOIN articles AS a ON a.id = t.article_id
LEFT JOIN accounts AS ac ON ac.id = a.account_id
WHERE t.former IS NOT t.status;

CREATE VIEW disappeared AS
SELECT a.key, ac.label AS account, a.headline AS title, a.published_on, a.status, a.status_at, a.last_available_at, a.url, a.id
FROM articles AS a
LEFT JOIN accounts AS ac ON ac.id = a.account_id
WHERE a.status != 'available';

CREATE VIEW missing AS
SELECT l.key, max(l.title) AS title, ac.label AS account, max(l.published_at) AS published_at, max(l.url) AS url,
       max(l.is_deleted) AS is_deleted,
       (SELECT n.reason FROM notices AS n WHERE n.key = l.key ORDER BY n.seen_at DESC LIMIT 1) AS notice
FROM listed AS l
LEFT JOIN keys AS k ON k.key = l.key
LEFT JOIN accounts AS ac ON ac.id = l.account_id
WHERE k.key IS NULL
GROUP BY coalesce(l.key, l.url, l.title), l.account_id;
