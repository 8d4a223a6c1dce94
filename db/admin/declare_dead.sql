-- Action: Fences an instance that is known to be gone, before its lease is over. One that lives after all notices at its next
--         heartbeat and goes on under a new number.
-- Input: instance_id
-- Output: declare_dead: true; false when there is no such instance, or when it is dead or has left.
-- Cost: one row updated by key.
-- Role: trunkline_app

select trunkline.declare_dead(:'instance_id');
