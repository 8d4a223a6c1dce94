-- Action: Takes a question back that nobody will answer; open_questions.sql lists them.
-- Input: question
-- Output: void_question: true; false when no such question of a call waits. Its handler hears within a second of the commit that no answer
--         came in time, and the client that its answer is not wanted. A task's question goes with cancel_task.
-- Cost: one row updated by key; it stays locked until the commit.
-- Role: trunkline_app

select trunkline.void_question(:'question');
