-- Action: Does one round of the clean-up that every instance does by itself.
-- Output: a row per chore: chore, done (1,000 at most in one round).
-- Cost: up to 1,000 rows deleted per chore; rows that somebody has locked are skipped.
-- Role: trunkline_app

select chore, done from trunkline.sweep();
