-- Action: Switches a feature off or on, on all instances; sessions are notified that the list changed.
-- Input: kind, one of tool, resource, template, prompt; name, of the feature (a URI for resources); enabled, true or false
-- Output: set_enabled: true when the switch changed, false when it was set so already.
-- Cost: one row written; each instance reads it after the commit. The switch stays locked until then.
-- Role: trunkline_app

select trunkline.set_enabled(:'kind', :'name', :'enabled');
