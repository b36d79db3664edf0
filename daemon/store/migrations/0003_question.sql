-- What people said to the questions of an item (JSON; NULL: nothing yet), and the release it was settled as (NULL: none, or dismissed).
ALTER TABLE inbox ADD COLUMN answers TEXT;
ALTER TABLE inbox ADD COLUMN release INTEGER;
