-- Action: Notifies every session that a list of features changed.
-- Input: list, one of tools, resources, prompts
-- Output: list_changed: empty.
-- Cost: one insert, whatever the number of sessions.
-- Role: trunkline_app

select trunkline.list_changed(:'list');
