-- Action: Makes a new key for what clients carry from one instance to another. What was sealed before stays good for as long as it holds.
-- Output: rotate_seal_key, when the new key will be used: a minute later, when every instance has read it. While one waits for
--         that there is no second one.
-- Cost: one row; each instance reads the few keys every fifteen seconds anyway.
-- Role: trunkline_app

select trunkline.rotate_seal_key();
