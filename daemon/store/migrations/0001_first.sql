-- The first schema. Times are milliseconds since 1970 in UTC; documents are JSON text.

-- "GFLD": tells our files from other programs'.
PRAGMA application_id = 0x47464C44;

CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE people (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    name TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (length(name) > 0),
    role TEXT,
    password_hash TEXT NOT NULL,
    created_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE sign_ins (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person INTEGER NOT NULL REFERENCES people(id) ON DELETE CASCADE,
    secret_hash TEXT NOT NULL UNIQUE,
    created_ms INTEGER NOT NULL,
    used_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE tokens (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    scope TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    maker INTEGER REFERENCES people(id) ON DELETE SET NULL,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER,
    used_ms INTEGER
) STRICT;

CREATE TABLE locations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    parent INTEGER REFERENCES locations(id),
    name TEXT NOT NULL CHECK (length(name) > 0)
) STRICT;

-- `place` is the order of the configuration; a deck that is configured no more keeps its number with place null.
CREATE TABLE decks (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    place INTEGER
) STRICT;

CREATE TABLE devices (
    id TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    name TEXT,
    deck TEXT,
    layout TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE source_contexts (
    source TEXT PRIMARY KEY,
    context TEXT NOT NULL,
    used_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE scans (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL,
    raw BLOB NOT NULL CHECK (length(raw) BETWEEN 1 AND 4096),
    client_id TEXT UNIQUE,
    scanned_ms INTEGER,
    at_ms INTEGER NOT NULL,
    context TEXT NOT NULL,
    symbology INTEGER NOT NULL,
    answer TEXT,
    effect TEXT
) STRICT;
CREATE INDEX scans_by_source ON scans(source, id);
CREATE INDEX scans_unanswered ON scans(id) WHERE answer IS NULL;

-- `summary` is the part of the document that a list shows, so that a page of copies reads no tracklists.
CREATE TABLE releases (
    id INTEGER PRIMARY KEY,
    document TEXT NOT NULL,
    summary TEXT NOT NULL,
    corrected INTEGER NOT NULL DEFAULT 0 CHECK (corrected IN (0, 1))
) STRICT;

CREATE TABLE release_gtins (
    gtin INTEGER NOT NULL,
    release INTEGER NOT NULL REFERENCES releases(id) ON DELETE CASCADE,
    weak INTEGER NOT NULL CHECK (weak IN (0, 1)),
    PRIMARY KEY (gtin, release)
) STRICT, WITHOUT ROWID;

CREATE TABLE learned_codes (
    key TEXT PRIMARY KEY,
    release INTEGER NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Sort keys stand in the row so that a page of the shelf is one walk along one index.
CREATE TABLE copies (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    release INTEGER NOT NULL REFERENCES releases(id),
    pressing_open INTEGER NOT NULL CHECK (pressing_open IN (0, 1)),
    owner INTEGER REFERENCES people(id),
    location INTEGER REFERENCES locations(id),
    media_grade TEXT,
    sleeve_grade TEXT,
    notes TEXT NOT NULL,
    added_ms INTEGER NOT NULL,
    last_played_ms INTEGER,
    plays INTEGER NOT NULL DEFAULT 0,
    deleted_ms INTEGER,
    artist_key TEXT NOT NULL,
    title_key TEXT NOT NULL,
    year_key INTEGER NOT NULL
) STRICT;
CREATE INDEX copies_by_release ON copies(release) WHERE deleted_ms IS NULL;
CREATE INDEX copies_by_artist ON copies(artist_key, id) WHERE deleted_ms IS NULL;
CREATE INDEX copies_by_title ON copies(title_key, id) WHERE deleted_ms IS NULL;
CREATE INDEX copies_by_year ON copies(year_key, id) WHERE deleted_ms IS NULL;
CREATE INDEX copies_by_added ON copies(added_ms DESC, id DESC) WHERE deleted_ms IS NULL;
CREATE INDEX copies_by_owner ON copies(owner, artist_key, id) WHERE deleted_ms IS NULL;
CREATE INDEX copies_by_location ON copies(location) WHERE deleted_ms IS NULL;
CREATE INDEX copies_in_trash ON copies(deleted_ms) WHERE deleted_ms IS NOT NULL;

-- What search as you type looks at: the folded words of artist, title, labels, catalogue numbers and year of each copy on the shelf.
CREATE VIRTUAL TABLE shelf USING fts5(words, tokenize = "unicode61 remove_diacritics 2", prefix = '1 2 3', columnsize = 0);
-- Every longer word that ever stood on the shelf, to find the one that was meant by a word with a typo.
CREATE TABLE shelf_terms (term TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

-- One row; triggers keep it, so that a count is no walk.
CREATE TABLE shelf_counts (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    copies INTEGER NOT NULL,
    releases INTEGER NOT NULL
) STRICT;
INSERT INTO shelf_counts VALUES (1, 0, 0);
CREATE TRIGGER copies_counted_in AFTER INSERT ON copies WHEN new.deleted_ms IS NULL BEGIN
    UPDATE shelf_counts SET copies = copies + 1, releases = releases + NOT EXISTS (
        SELECT 1 FROM copies c WHERE c.release = new.release AND c.deleted_ms IS NULL AND c.id <> new.id);
END;
CREATE TRIGGER copies_counted_again AFTER UPDATE OF release, deleted_ms ON copies
WHEN (old.deleted_ms IS NULL) <> (new.deleted_ms IS NULL) OR old.release <> new.release BEGIN
    UPDATE shelf_counts SET copies = copies + (new.deleted_ms IS NULL) - (old.deleted_ms IS NULL),
        releases = releases
            + (new.deleted_ms IS NULL AND NOT EXISTS (
                SELECT 1 FROM copies c WHERE c.release = new.release AND c.deleted_ms IS NULL AND c.id <> new.id))
            - (old.deleted_ms IS NULL AND NOT EXISTS (
                SELECT 1 FROM copies c WHERE c.release = old.release AND c.deleted_ms IS NULL AND c.id <> old.id));
END;

CREATE TABLE labels (
    value INTEGER PRIMARY KEY,
    copy INTEGER NOT NULL UNIQUE REFERENCES copies(id)
) STRICT;

CREATE TABLE plays (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    deck TEXT NOT NULL,
    copy INTEGER REFERENCES copies(id),
    release INTEGER NOT NULL,
    confidence TEXT NOT NULL,
    how TEXT NOT NULL,
    person INTEGER REFERENCES people(id),
    started_ms INTEGER NOT NULL,
    ended_ms INTEGER,
    saved TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX plays_open ON plays(deck) WHERE ended_ms IS NULL;
CREATE INDEX plays_by_start ON plays(started_ms);
CREATE INDEX plays_by_copy ON plays(copy);

CREATE TABLE side_plays (
    id INTEGER PRIMARY KEY,
    play INTEGER NOT NULL REFERENCES plays(id) ON DELETE CASCADE,
    side TEXT NOT NULL,
    played_s REAL NOT NULL,
    share REAL NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX side_plays_by_play ON side_plays(play);

CREATE TABLE inbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    scan INTEGER NOT NULL REFERENCES scans(id),
    code TEXT NOT NULL,
    source TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    copy INTEGER REFERENCES copies(id),
    play INTEGER,
    settled INTEGER NOT NULL DEFAULT 0 CHECK (settled IN (0, 1))
) STRICT;
CREATE INDEX inbox_open ON inbox(id) WHERE settled = 0;
CREATE INDEX inbox_by_code ON inbox(code) WHERE settled = 0;
CREATE INDEX inbox_by_copy ON inbox(copy) WHERE settled = 0;

CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    progress REAL NOT NULL,
    message TEXT NOT NULL,
    started_ms INTEGER NOT NULL,
    ended_ms INTEGER
) STRICT;

-- The number line: seq rises over events, states and scan results alike.
CREATE TABLE event_log (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    name TEXT NOT NULL,
    deck TEXT NOT NULL,
    stream TEXT NOT NULL,
    body TEXT NOT NULL,
    prev INTEGER NOT NULL,
    expires_ms INTEGER
) STRICT;

CREATE INDEX event_log_events ON event_log(seq) WHERE kind = 0;

-- The latest row of each state: what a broker retains.
CREATE TABLE current_states (
    name TEXT NOT NULL,
    deck TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (name, deck)
) STRICT, WITHOUT ROWID;

-- status: 0 pending, 1 sent, 2 parked, 3 expired, 4 superseded, 5 dropped
CREATE TABLE outbox (
    seq INTEGER NOT NULL REFERENCES event_log(seq) ON DELETE CASCADE,
    sink TEXT NOT NULL,
    status INTEGER NOT NULL DEFAULT 0 CHECK (status BETWEEN 0 AND 5),
    attempts INTEGER NOT NULL DEFAULT 0,
    not_before_ms INTEGER NOT NULL DEFAULT 0,
    last_error TEXT NOT NULL DEFAULT '',
    sent_ms INTEGER,
    PRIMARY KEY (seq, sink)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_pending ON outbox(sink, seq) WHERE status = 0;
CREATE INDEX outbox_parked ON outbox(sink, seq) WHERE status = 2;
CREATE INDEX outbox_expired ON outbox(sink, seq) WHERE status = 3;

CREATE TABLE published_topics (topic TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

CREATE TABLE command_answers (
    id TEXT PRIMARY KEY,
    answer TEXT NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
