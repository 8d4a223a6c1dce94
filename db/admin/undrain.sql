-- Action: Lets a drained instance serve again.
-- Input: instance_id
-- Output: undrain: serves again; serves already; leaves, after a signal that nothing takes back; unknown instance; dead; left; older
--         release.
-- Cost: one row updated by key; the instance reads it at once, or with its next beat.
-- Role: trunkline_app

select trunkline.undrain(:'instance_id');
