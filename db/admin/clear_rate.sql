-- Action: Takes the rate of a principal back, so that the options of the instances count again.
-- Input: limited, the name that set_rate was given
-- Output: clear_rate: true when there was one.
-- Cost: one row removed; each instance reads the rows after the commit.
-- Role: trunkline_app

select trunkline.clear_rate('principal', :'limited');
