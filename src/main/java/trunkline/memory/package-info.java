/// Memory: how much of the heap all requests, tasks and messages may hold together, so that no
/// crowd of them ends the process.
///
/// ```
///   bytes come ──take──▶ body ──take──▶ parsed, kept ──▶ handler ──note──▶ result ──▶ written
///                 │                │                  │
///                 └── waits 2 s, then 503 and Retry-After (MemoryShort)        all given back
/// ```
///
/// **Promise.** One [trunkline.memory.MemoryBudget] per instance, `--memory-share` of the heap.
/// Bytes are counted by what they will cost, not by their number: a body is held while it arrives,
/// as a whole and as a tree. What can be refused is asked for before it is there; what cannot, such
/// as the result of a handler, is noted, and holds up those that come next.
///
/// **Small calls go on.** A request that holds little waits only when all of the budget is in use,
/// of which large ones may take three quarters.
///
/// **What is held for longer than a call's frame**, and until when. In the budget:
///
/// | what | how | until |
/// |---|---|---|
/// | a body that arrives, and its tree | taken | its answer; of calls, the end of the last of them, though their client be gone |
/// | the result of a call | noted | it is written, or its connection is gone |
/// | what clients answer to a handler's questions, and results of tasks that are fetched | noted | the end of the call or task |
/// | what a task was asked | taken by the call that begins it, noted where it is taken over | its end |
/// | the result of a task | noted | it is stored, however long the database is away |
/// | messages and questions that wait for a publish lane, a locked stream or a batch in doubt | taken; below a KiB noted | the commit |
/// | responses there | noted | the commit |
/// | announcements that wait to be stored | taken | the commit |
/// | pages of messages or announcements for a reader, however slow | noted; none is read while others hold too much | they are written |
/// | responses gathered for a client that takes JSON only | noted | its answer |
///
/// Bounds of their own:
///
/// | what | bytes | time |
/// |---|---|---|
/// | open GET streams, a stack and buffers each | 14 KiB (32 with TLS), two fifths of the heap together; a listen counts twice | until they are closed |
/// | announcements kept for followers, with those who are to get them | 32 MiB or 1/16 of the heap, 4,096 entries | until newer ones come |
/// | one read of the announcements' log | 8 MiB, and one | a statement |
/// | one read of many followers' messages, in each of two lanes | 4 MiB, and one message | until the followers have noted it |
/// | one read of clients' answers | 4 MiB, and one answer | until the handlers have noted it |
/// | tasks taken over at once | one for 16 MiB of the budget | until they are begun |
/// | questions and look-ups that wait in a lane: numbers only | 100 bytes by 4,096 to 20,000 | 3 s to 60 s |
/// | watches of calls, tasks, streams, sessions: numbers only | 200 bytes by what `--calls-max` and the session limits allow | the thing watched |
///
/// What sessions keep (values, roots, subscriptions), what streams have stored and what the outbox
/// has is in the database only: a handler that reads a value has it for itself.
///
/// **Refused** is a request with a 503 and `Retry-After`, a call or task with an error that says
/// so, a handler's message with [trunkline.memory.MemoryShort] before any of it is stored; a stream
/// is ended with `retry`, and its client comes back for what is stored. No response and no end of a
/// call or task is refused.
///
/// **Cost.** An atomic addition for what a request takes, and one for what it gives back.
///
/// **When something dies** with its process, so does its memory. Nothing here waits for NOTIFY or
/// reads a clock but to be patient.
///
/// **Not here.** What handlers allocate, which is theirs; the bytes that TCP holds.
@NullMarked
package trunkline.memory;

import org.jspecify.annotations.NullMarked;
