-- Action: Ends an API key: every instance refuses it within a second, and the streams that were opened with it end.
-- Input: key_id, as the directory shows it and as it stands in the key (tk_17_...: 17)
-- Output: revoke_key: true; false when no such key is there that was not revoked before.
-- Cost: one row; each instance that knows keys looks at them once.
-- Role: trunkline_app

select trunkline.revoke_key(:'key_id');
