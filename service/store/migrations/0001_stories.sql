-- A story is one JSON document; what the document means is the business of service.stories.models.
CREATE TABLE stories (
    story_id TEXT PRIMARY KEY,
    document TEXT NOT NULL
);
