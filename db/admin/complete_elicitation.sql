-- Action: Says that a user is done at the web page that an elicitation named. A web page calls it in its own transaction.
-- Input: elicitation_id; principal, whom the page has authenticated
-- Output: complete_elicitation: true; false when it was completed before, expired, another principal's, or its session has ended.
-- Cost: one row updated by key, one inserted.
-- Role: trunkline_app

select trunkline.complete_elicitation(:'elicitation_id', :'principal');
