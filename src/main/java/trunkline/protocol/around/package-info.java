/// What stands around handlers: the server's own interceptors and those of catalogs.
///
/// ```
///   Method ─▶ Interception ─▶ RateGate ─▶ Heartbeat ─▶ Places ─▶ TimeLimit
///                              ─▶ the program's ─▶ the catalog's ─▶ handler
/// ```
///
/// A request's own thread runs the whole chain, on whichever instance, for calls, tasks, further
/// runs and rounds without a session alike; a question that the handler asks passes it again
/// ([trunkline.feature.Invocation.Asking]). Without limits and interceptors a call costs nothing of
/// this.
///
/// **Time** ([trunkline.protocol.around.TimeLimit]). A tool may take so long, by the clock of this
/// instance, and in the stateless era in each round; waiting for a person does not count. Then its
/// thread is interrupted, and its client reads a tool's error that names the limit. A handler that
/// hears no interrupt is given up two seconds later; it keeps its place among those that may run,
/// so that it cannot pile up.
///
/// **Places** ([trunkline.protocol.around.Places]) are counted on each instance: a tool that must
/// not run more often in the whole cluster needs a rate, or a lock of its own.
///
/// **Signs of life** ([trunkline.protocol.around.Heartbeat]) are progress a millionth above the
/// last, so that what the handler says next is still above them.
///
/// What a run is to them is [trunkline.protocol.around.Timed]; it knows no request, no stream and
/// no SQL.
@NullMarked
package trunkline.protocol.around;

import org.jspecify.annotations.NullMarked;
