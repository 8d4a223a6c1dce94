/// Streamed calls: requests of clients that have become streams, and therefore outlive connections
/// and the instances that run them.
///
/// **When a call gets here.** A call that answers at once is a JSON document and leaves no trace.
/// It becomes a stream when it has something to say before its answer, or takes longer than two
/// seconds; then one statement stores the stream and the calls on it (one, or the calls of a
/// 2025-03-26 batch), with this instance as writer and holder. From that commit on the call can be
/// cancelled, resumed and ended from anywhere.
///
/// ```
///   running ──response, cancelled call's end, or a dead writer's error──▶ finished ──▶ removed with its stream
/// ```
///
/// **Finished together with its answer.** The response, the end of its call and, after the last
/// call, the end of the stream are one publish ([trunkline.stream.StreamWriter]): no reader sees
/// one without the others. So that the publish can finish calls, [trunkline.session.CallId] lies
/// below `stream`, in `session`; everything else about calls belongs to this package, which owns
/// the table `calls`.
///
/// **Opened once.** An opening has a key that its instance chose and that its calls keep. When the
/// answer is lost it is repeated: the index of running ids refuses it, and what has the key is its
/// own. It runs to its end on nobody's lock, and may fail: then the call stays what it was.
///
/// **One id runs once.** A session's request ids are unique among its running streamed calls; the
/// second is refused by the index, not by a look beforehand. The limit of streams per session is
/// checked by the statement that opens one; two such statements do not see each other, so a burst
/// may exceed it.
///
/// **Cancelling** needs no route to the executor: the row is marked, and its executor, woken or at
/// its pace, reads which of its calls are marked. A call without a row (yet) is announced to
/// everybody instead. Which of the two happened is of no importance, since both are watched for
/// every call.
///
/// **When the writer dies, or leaves**, any instance takes its unfinished streams over, each once,
/// under a new writer epoch that fences the former one: all it wrote lies before all that follows.
/// A call that was cancelled ends without a response. One that may run again (its tool is
/// idempotent, read-only or says `retryable`, and its session lives) is run again by whoever has
/// room for it (`protocol.run`), from the request that its row keeps. Every other ends with exactly
/// one error, `executor_lost`.
///
/// A writer that goes on living, since its instance was only drained or lost touch for a while,
/// hands its streams on: the row says so for that writer's epoch alone (`handed_epoch`), so the
/// next take-over, by whomever, takes the word back.
///
/// **At most two runs begin.** `runs` counts them, `run_epoch` says under which writer the latest
/// was counted: the count is one guarded statement before the handler does anything, may be
/// repeated when its answer is lost, and is refused to a writer that was fenced meanwhile. A
/// take-over alone costs no run. So a call that takes its instance with it takes one more, and not
/// the fleet.
///
/// **What was done once** stands in the call's row, by name: two arrays and no table, since a
/// handful of small texts come with the row that they belong to, and go with it. Only the stream's
/// writer adds to them, and what is there stays.
///
/// **What it does not do.** It runs nothing and knows no connection; the run is `protocol`'s, the
/// bytes and their order are `stream`'s.
@NullMarked
package trunkline.call;

import org.jspecify.annotations.NullMarked;
