-- Action: Notifies the sessions that subscribe to a resource that it changed.
-- Input: uri, of the resource
-- Output: resource_updated: empty.
-- Cost: one insert, whatever the number of subscribers.
-- Role: trunkline_app

select trunkline.resource_updated(:'uri');
