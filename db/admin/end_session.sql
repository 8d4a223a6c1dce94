-- Action: Ends a session: its streams are closed, its calls cancelled, and its client gets a 404 from then on.
-- Input: session_id
-- Output: end_session: true; false when no such session lives.
-- Cost: a look-up and an insert; an instance ends it within a quarter of a second after the commit.
-- Role: trunkline_app

select trunkline.end_session(:'session_id');
