-- Action: Drains an instance: it is not ready, its streams go elsewhere, and what it runs may end within its --drain-timeout and is
--         handed on after that. It lives on, and serves whoever comes all the same, until undrain or SIGTERM.
-- Input: instance_id
-- Output: drain: drains; drains already; unknown instance; dead; left; older release, which only a signal ends. When it is done,
--         instance_directory.drained_at says so.
-- Cost: one row updated by key; the instance reads it at once, or with its next beat.
-- Role: trunkline_app

select trunkline.drain(:'instance_id');
