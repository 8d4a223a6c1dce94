-- Action: Removes everything about one person, one step of it: repeat it until left is 0. Lock the person out first.
-- Input: person, the principal as the authenticator names it
-- Output: a row per table and two for what was ended: what, removed. The row left says how many sessions, tasks and elicitations are
--         still there; what was ended stays for five seconds, for whatever runs to notice.
-- Cost: a scan of the sessions and elicitations, up to 1,000 sessions, 1,000 tasks and 10,000 messages removed by key.
-- Role: trunkline_app

select what, removed from trunkline.purge(:'person');
