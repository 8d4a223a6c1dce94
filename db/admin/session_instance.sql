-- Question: Which instance is a session connected to?
-- Input: session_id
-- Output: session_instance: the instance that holds its standalone stream, else its newest call's stream; null when none does.
-- Cost: two look-ups by index.
-- Role: trunkline_app

select trunkline.session_instance(:'session_id');
