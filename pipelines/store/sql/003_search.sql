-- Full-text search. Every character is a token (pipelines/store/search_index.py puts blanks between them), so MATCH
-- takes phrases of single characters: '"扶 贫"'. `scrapy search --sql WORDS` writes them.
-- The index keeps no text. Between USING and fts5 is a line break, not a blank: tools that look for "USING FTS" would
-- offer a search box of their own, which puts no blanks between characters and so finds nothing. The body comes first
-- as places in the first column take least room.
CREATE VIRTUAL TABLE search_spaced USING
fts5(body, title, author, content='',
     tokenize = "ascii tokenchars '!""#$%&''()*+,-./:;<=>?@[\]^_`{|}~'");

-- A title counts more than a byline, and that more than the body.
INSERT INTO search_spaced (search_spaced, rank) VALUES ('rank', 'bm25(1.0, 10.0, 5.0)');

-- A group of articles is written as one segment (16 MiB of memory at most), and segments are merged more seldom than by
-- default: that halves what writing costs, and searching is no slower to speak of.
INSERT INTO search_spaced (search_spaced, rank) VALUES ('hashsize', 16777216);
INSERT INTO search_spaced (search_spaced, rank) VALUES ('automerge', 8);

-- Articles that changed and are still to be indexed, within a transaction; with the text that the index holds of them.
CREATE TABLE search_pending (
  article_id INTEGER PRIMARY KEY,
  title TEXT,
  author TEXT,
  body TEXT                         -- null: the index holds nothing of it
) STRICT;

CREATE TRIGGER search_article_added AFTER INSERT ON articles BEGIN
  INSERT INTO search_pending (article_id)
  SELECT new.id WHERE NOT EXISTS (SELECT 1 FROM search_pending WHERE article_id = new.id);
END;

CREATE TRIGGER search_article_changed AFTER UPDATE OF title, author, body ON articles
WHEN old.title IS NOT new.title OR old.author IS NOT new.author OR old.body IS NOT new.body BEGIN
  INSERT INTO search_pending (article_id, title, author, body)
  SELECT old.id, old.title, old.author, old.body
  WHERE NOT EXISTS (SELECT 1 FROM search_pending WHERE article_id = old.id);
END;

CREATE TRIGGER search_article_removed AFTER DELETE ON articles BEGIN
  INSERT INTO search_pending (article_id, title, author, body)
  SELECT old.id, old.title, old.author, old.body
  WHERE NOT EXISTS (SELECT 1 FROM search_pending WHERE article_id = old.id);
END;
