-- Action: Sends a notification to one session.
-- Input: session_id; notification, one JSON-RPC notification as MCP has it
-- Output: send: true, and the notification is delivered after the commit; false when there is no such session.
-- Cost: a look-up and an insert.
-- Role: trunkline_app

select trunkline.send(:'session_id', :'notification');
