/// Streams: ordered messages to one client, written from any instance, read on any instance.
///
/// **The promise (requirement C1).** A message whose publish was acknowledged is delivered to the
/// session's client at least until the history limits: with `Last-Event-ID` exactly once and in
/// order, whichever instances write, hold and die; without it, nothing that was not written to a
/// socket is lost, and after a holder's death, or when it lives and cannot say for six seconds how
/// far it came, what it wrote since its last flush (30 s) may come twice. The order between a
/// stream's own messages and announcements is not promised.
///
/// **Order.** An event id is drawn from a sequence while the stream's row is locked, so whoever
/// sees an id of a stream sees every earlier one. Cursors are per stream, never global.
///
/// **Event ids.** [trunkline.stream.EventId] is a place rather than a message's number: how far a
/// client has come in a stream's own messages and in the announcements. It has the name of what
/// carries it, SSE's field `id:` and the header `Last-Event-ID`, since nobody who follows one over
/// the wire would look for a `StreamPosition`.
///
/// ```
///   write ─▶ lane ─▶ one statement: lock streams, draw ids, insert, finish ─▶ COMMIT ─▶ wake holders
///                                                                                        │
///   client ◀── Outlet ◀── Follower: take what is there, write it, wait at the bell ◀─────┘
/// ```
///
/// **One hand-over fewer.** Whoever rings a follower that waits begins its read, and the follower
/// wakes with the page ([trunkline.stream.ReadAhead]). A lane that has nothing else to do wakes the
/// holder by itself, and its writer's future completes first.
///
/// **Fences.** Two numbers on the stream's row. `holder_epoch`: every claim raises it, every read
/// names it, and a read under another epoch returns "superseded" and no messages. `writer_epoch`: a
/// call's stream has one writer at a time; a publish under another epoch is refused. Neither
/// depends on anybody's death, lease or clock, nor on what a promoted standby had got: both go on
/// above a floor that rises with the timeline, as ids do.
///
/// **Claims** of all who ask at a time are one statement, which waits for no lock; what it passed
/// over waits alone ([trunkline.stream.Claims]). A claim that has nobody's last word to wait for
/// settles where to start as well. A lost answer is the matter of each GET, as if it had been
/// alone. Just before, in one statement as well, the streams are trimmed and what is kept of each
/// is read: one that there is not is not claimed, and of one that keeps nothing after the place to
/// start from the first read looks at the two newest leaves, as every later one does. What was
/// published since is in them, or the slot has changed and the read looks at all.
///
/// **States of a stream**: *open* (unfinished; held by one instance or by none) and *finished*
/// (nothing more is written; it is still claimed and replayed). The final response and the end are
/// one statement. A follower closes only after a page that is finished and not full.
///
/// **When NOTIFY never comes** the sweep finds what is new, with one statement for all followers of
/// the instance. **When the answer of a commit is lost**, only the batch's streams wait, and its
/// key is taken ([trunkline.stream.BatchSender]): either it is stored, and its row says what it
/// did, or no attempt will ever store it and its messages are sent anew. One copy, in order. **When
/// the writer dies**, its unfinished calls are taken over and ended with one error
/// ([trunkline.call]). **When the holder dies**, the client's next GET claims the stream elsewhere;
/// nothing waits for the death to be noticed. **When the answer of a claim is lost**, the GET
/// claims again, and the last word of the reader before both still counts (`position_epoch`): it
/// does until a later reader has begun. What is said to be held and is not, is let go by a sweep;
/// every close, of the lost instances' streams too, is told in table, event, counter and NOTIFY
/// alike ([trunkline.stream.Holdings]). **When the database is away**, sockets stay open with
/// comments for a minute, nothing is finished, and publishes wait.
///
/// **When the database was put back**, or a standby promoted that had not got everything, a client
/// may name a place of the future that was lost. The claim looks the place up among the stream's
/// messages, and says the gap where it is not known, though newer ids may have passed it.
///
/// **Local hand-over** of a call's messages to a follower in the same process is left out: every
/// message is read back from the table. It would save one batched read per message at the price of
/// a second path that has to keep the order.
///
/// **Limits.** A message that is too large is refused before a lane has seen it. What nobody reads
/// is bounded by its age, without a claim: a slot that is freed raises the floor of every stream
/// that had messages in it. The number of messages is kept at each claim, since until then it would
/// change nothing: space comes back by slots only.
///
/// **Parking.** A superseded connection is not closed, because the reference clients reconnect and
/// supersede their own newer connection, for ever; it gets comments until it ends by itself, or has
/// the stream again: when nobody holds it any more, the youngest parked connection takes it back. A
/// NOTIFY at the close or the sweep tells it, whichever instance it is on; two quick comments show
/// first that its client is still there. The claim is granted only if nobody has claimed since, so
/// nobody loses a stream to an older connection, and the client's next GET still takes it over. The
/// younger of two has a head start by the database's clock; when both are fast, one has it.
///
/// **Moving.** An operator may want a session's standalone stream on another instance
/// (`trunkline.migrate`). The wish is a row of `stream_moves` that names the holder's epoch, so
/// that only the connection is meant that was there; the holder finds it with its next look,
/// wakened or not, writes what is stored, a hint (`: Trunkline-Instance: 7`, as the header of each
/// answer) and a `retry`, and closes. The next GET, wherever it lands, is like any other. No call's
/// stream is closed, and none of a revision before 2025-11-25, whose clients take an early end for
/// a fault.
///
/// What that connection gets begins where the latest reader stopped, and not before where it
/// stopped itself: as for a GET without `Last-Event-ID`, what was written to the ended connection's
/// socket counts as delivered, and after a holder's death what it wrote since its last flush may
/// come twice. After an end that told the client to come again (`retry`) it has five seconds to do
/// so first. A client that names the ended connection's last event asks for all that came after it,
/// and gets it, though an older connection of its may have had a part.
@NullMarked
package trunkline.stream;

import org.jspecify.annotations.NullMarked;
