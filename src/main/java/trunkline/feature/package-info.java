/// The API that users write against: tools, resources, prompts. With five types of
/// `trunkline.jsonrpc` it is the only promise of Trunkline.
///
/// ```java
/// record Sum(@Description("first summand") int a, @Description("second summand") int b) {}
/// record Total(int total) {}
///
/// Tool add = Tool.named("add")
///     .description("Adds two numbers")
///     .input(Sum.class)
///     .output(Total.class)
///     .readOnly()
///     .handler((sum, context) -> new Total(sum.a() + sum.b()));
/// ```
///
/// A [trunkline.feature.CatalogProvider], found through `ServiceLoader` and picked by `--features`,
/// adds features to a [trunkline.feature.Catalog]. A catalog never changes; features are switched
/// on and off by rows that all instances share (`select trunkline.set_enabled(…)`), so every
/// instance lists the same.
///
/// ## What a handler may rely on
///
/// - It runs on a virtual thread of its own and may block. It is interrupted when its call is
///   cancelled; anything that waits on the [trunkline.feature.RequestContext] then throws
///   `CancellationException`.
/// - Its input is valid: checked against the JSON Schema 2020-12 that was derived from its record,
///   or given by hand.
/// - `context.elicit`, `sample`, `roots` and `ping` ask the client and wait for the answer,
///   whichever instance the client sends it to. What the client did not declare is never asked
///   ([trunkline.feature.CapabilityMissing]); a question that gets no answer ends in
///   [trunkline.feature.ClientRequestFailed], never in a hang.
/// - [trunkline.feature.ClientRequest#onProgress] tells how far the client is with a question.
/// - `context.elicitUrl` sends the user to a web page and gives a handle that waits until the page
///   has said, to whichever instance, that this user is done.
/// - Sampling may offer the model tools ([trunkline.feature.SamplingRequest#withTools]). What the
///   model wants used, the handler uses and tells in the next request; each turn may arrive at
///   another instance.
/// - Nothing of it changes when its call runs as a task ([trunkline.feature.TaskSupport]): what it
///   asks waits until its client answers or comes for the result. It may ask first, while its
///   client waits, and say from where on it may be a task
///   ([trunkline.feature.RequestContext#continueAsTask()]).
/// - Whatever `context.server()` sends is committed when the method returns.
/// - Values of the session are shared by all instances.
/// - It knows who asks: the principal and its claims, the client's program, `_meta` and the headers
///   that its catalog names ([trunkline.feature.RequestContext#identity()] and what follows there).
///   A further run of its request knows the same, but for credentials, which are not stored.
/// - What belongs to its catalog ([trunkline.feature.Catalog.Builder#closing]) is open until it has
///   ended.
///
/// ## What it may not rely on
///
/// - That it runs once. When the instance dies or leaves, a task, or a call that has become a
///   stream, is run again elsewhere, once, if its tool is [trunkline.feature.Tool#retryable()] (by
///   default read-only and idempotent ones), with the answers that its client gave to the same
///   questions in the same order; others end with an error. What must not be done twice is done in
///   [trunkline.feature.RequestContext#once(String, Class, trunkline.feature.Action)].
/// - That its second line runs in the same process as its first. A client of the stateless era
///   (2026-07-28) is asked by ending: the handler stops at the first question that has no answer
///   yet, which looks like a cancel, and is run from its beginning, perhaps on another instance,
///   when the client comes back with the answer. So up to its last question it has to do the same
///   each time, and ask the same in the same words: no time, no random number, nothing read that
///   may have changed meanwhile, unless it is in a step that is done once. One that asks
///   differently is answered by an error that says so. Several things that it needs are asked at
///   once ([trunkline.feature.RequestContext#askAll(InputRequest...)]), which saves rounds there.
/// - That there is a session: in that era [trunkline.feature.RequestContext#sessionId()] is empty,
///   and [trunkline.feature.RequestContext#values()] keep nothing; what is kept from one call to
///   the next has an identifier that the tool gives and takes.
/// - That two calls of a session meet the same JVM: state belongs into the session's values or the
///   user's own database.
/// - That the client is still there. One that goes away cancels its call in the stateless era, and
///   does not in the stateful one.
///
/// ## Who may
///
/// A feature says who sees it and which scopes it takes ([trunkline.feature.Access]), and the same
/// holds for whatever a client does with it. A catalog may have parts that are servers of their own
/// ([trunkline.feature.Catalog.Builder#toolset]). `src/main/docs/access.md` has all of it.
///
/// ## Failing
///
/// [trunkline.feature.ToolFailed] and [trunkline.feature.ToolResult#error(String)] tell the model
/// why; [trunkline.feature.UrlElicitationRequired] asks the client to come again after its user has
/// opened a page; any other exception becomes an error result that does not show its message, since
/// it may hold secrets.
///
/// ## Records and schemas
///
/// Supported component types: strings, numbers, booleans, enums, `java.time` dates and durations,
/// `URI`, `UUID`, `Optional…`, lists, sets, arrays, string maps, nested and generic records, sealed
/// interfaces of records, types with `@JsonValue`, `JsonNode`. A component is required unless it is
/// `Optional`, `@Nullable` or has a `@Default`; for those, null is the same as absent. Unknown
/// properties are refused, so that a model learns of its typing error instead of wondering.
///
/// What the schema accepts is bound, what is bound was accepted, and what is answered satisfies its
/// schema: all three come of one description ([trunkline.shape]). Recursive records, other classes
/// and annotations that have no meaning where they stand are refused when the tool is built; such a
/// tool gives its schema as JSON text and takes an `ObjectNode`. Schemas may refer to their own
/// parts, never to the network. `src/main/docs/arguments.md` has a table of all.
///
/// ## Order and pages
///
/// Lists are in the order of registration. A cursor names the last feature of its page and means
/// the same on every instance; one that names a feature nobody knows is an error, since to guess
/// would skip or repeat features.
///
/// This package knows no revision, no stream and no HTTP.
@NullMarked
package trunkline.feature;

import org.jspecify.annotations.NullMarked;
