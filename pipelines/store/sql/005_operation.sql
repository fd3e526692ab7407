-- What an operator is told of a run after it.

ALTER TABLE runs ADD COLUMN detail TEXT;                       -- why it ended so, for people; null where all went well
ALTER TABLE runs ADD COLUMN drift TEXT NOT NULL DEFAULT '[]';  -- JSON array: fields that a template no longer yields
