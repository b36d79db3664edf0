-- What online sources were asked about codes and covers, what they found (JSON), and when they are asked again.
CREATE TABLE online_asks (
    subject TEXT NOT NULL,
    source TEXT NOT NULL,
    found TEXT NOT NULL,
    due_ms INTEGER NOT NULL,
    PRIMARY KEY (subject, source)
) STRICT, WITHOUT ROWID;

-- Facts that a source lets be shown for a while only: until when.
ALTER TABLE releases ADD COLUMN show_until_ms INTEGER;
CREATE INDEX releases_ending ON releases(show_until_ms) WHERE show_until_ms IS NOT NULL;
