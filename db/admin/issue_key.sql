-- Action: Issues an API key for a principal, for ninety days; with other scopes or another end by hand: issue_key(principal, scopes, expires).
-- Input: person, the principal whose requests they will be
-- Output: issue_key, the key: nobody can look it up again, only its SHA-256 is kept.
-- Cost: one row.
-- Role: trunkline_app

select trunkline.issue_key(:'person', '{}', now() + interval '90 days');
