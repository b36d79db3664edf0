-- Which cover belongs to what. The pictures are files, named by the hash of what they were made of: <store>/covers/<hash>-<edge>.jpg.

-- A photo that the household took of its own copy: it wins over what others say.
CREATE TABLE copy_covers (
    copy INTEGER PRIMARY KEY REFERENCES copies(id) ON DELETE CASCADE,
    hash TEXT NOT NULL CHECK (length(hash) > 0),
    at_ms INTEGER NOT NULL
) STRICT;

-- A cover from an online source. One that its source lets nobody keep has an end.
CREATE TABLE release_covers (
    release INTEGER PRIMARY KEY REFERENCES releases(id) ON DELETE CASCADE,
    hash TEXT NOT NULL CHECK (length(hash) > 0),
    source TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    ends_ms INTEGER
) STRICT;
