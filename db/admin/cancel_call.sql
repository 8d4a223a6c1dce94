-- Action: Cancels a call, wherever it runs.
-- Input: session_id; request_id, the call's JSON-RPC id as JSON: 7 for a number, "seven" with its quotes for a string
-- Output: cancel_call: true; false when no such session lives. Its handler is interrupted after the commit.
-- Cost: a look-up and an insert.
-- Role: trunkline_app

select trunkline.cancel_call(:'session_id', :'request_id');
