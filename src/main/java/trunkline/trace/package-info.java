/// Traces by the conventions of OpenTelemetry for MCP: what a span is called, what it says, and how
/// its context travels.
///
/// ```
///   client's span ── _meta.traceparent, else the HTTP header
///     └─ tools/call NAME                SERVER, from the request's arrival to its answer
///          ├─ sessions.find             CLIENT, a statement that the request waited for
///          ├─ publish                   PRODUCER, from handing a message in to its commit
///          ├─ elicitation/create        CLIENT, from asking to the outcome
///          │    └─ answer …             SERVER, on whichever instance the answer came to
///          ├─ tools/call NAME           SERVER, a further run, on another instance
///          └─ task NAME                 INTERNAL, each run of a task
/// ```
///
/// **Off unless somebody makes it.** [trunkline.trace.Tracing] stands on an `OpenTelemetry` that
/// `serve` or an embedding program gives. Without one every request has the same
/// [trunkline.trace.Operation#NONE], which does nothing, and no class of the SDK is loaded.
///
/// **One object a request.** An [trunkline.trace.Operation] is begun where a message arrives, found
/// by the message where it is run ([trunkline.trace.Operations]), and ended with its answer. It is
/// current on the handler's thread, so that spans of the handler's own libraries hang below it.
/// What the layers below do for a request is a [trunkline.trace.ChildSpan] of the one that is
/// current; on a thread without one, as of every background job, it is nothing.
///
/// **Across instances the context goes where the work goes**, and nowhere else: among the stored
/// parameters of calls and tasks ([trunkline.trace.KeptContext]), in the row of a question, in the
/// sealed state that a client carries, in `_meta` of what a client is sent
/// ([trunkline.trace.Carried]). A run on another instance is a child of the first run's span. That
/// span is missing where its instance was killed, since a span is sent when it ends; all else of
/// the trace is there.
///
/// **Never a credential, an argument or an address.** Session ids let anonymous clients in, so
/// `mcp.session.id` is the session's key, by which log and SQL know it. URIs of templates, messages
/// of errors and what tools are called with are no attributes. What a client made up (the name of a
/// method or tool that is not there) is no name of a span, and no attribute of a metric.
///
/// **Log.** [trunkline.trace.LogContext] puts trace, session and principal into SLF4J's diagnostic
/// context of the handler's thread, with tracing off too.
///
/// **What it does not do.** It knows no exporter: batches, limits and what becomes of spans that
/// cannot be sent are the SDK's and `cli`'s. Nothing here waits or throws.
@NullMarked
package trunkline.trace;

import org.jspecify.annotations.NullMarked;
