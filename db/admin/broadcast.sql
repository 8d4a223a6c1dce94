-- Action: Sends a notification to every living session.
-- Input: notification, one JSON-RPC notification as MCP has it
-- Output: broadcast: empty. Each session gets the notification once, after the commit.
-- Cost: one insert, whatever the number of sessions.
-- Role: trunkline_app

select trunkline.broadcast(:'notification');
