-- The token that made this one over the API: revoking it revokes this one too.
ALTER TABLE tokens ADD COLUMN made_with INTEGER REFERENCES tokens(id);

-- A token without a maker is the console's and keeps its scope: a removed person's tokens must not become such ones.
CREATE TRIGGER tokens_end_with_their_maker BEFORE DELETE ON people BEGIN
    DELETE FROM tokens WHERE maker = old.id;
END;
