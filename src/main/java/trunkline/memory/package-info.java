/// Memory: how much of the heap all requests may hold together, so that no crowd of them ends the
/// process.
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
/// **Cost.** An atomic addition for what a request takes, and one for what it gives back.
///
/// **Not here.** What handlers allocate, which is theirs; the bytes that TCP holds.
@NullMarked
package trunkline.memory;

import org.jspecify.annotations.NullMarked;
