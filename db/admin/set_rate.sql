-- Action: Sets how often a principal may call, over all instances. More than options say; * is each without a row of its own.
-- Input: principal, its name or *; rate, such as 100/s, 20/m, 500/h or 1/d, or unlimited
-- Output: set_rate: true when the rate changed, false when it was so already.
-- Cost: one row written; each instance reads the rows after the commit.
-- Role: trunkline_app

select trunkline.set_rate('principal', :'principal', :'rate');
