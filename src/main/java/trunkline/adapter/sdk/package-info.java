/// Runs what was written for the official Java SDK (`io.modelcontextprotocol.sdk:mcp-core` 2.1):
/// its specifications of tools, resources, templates, prompts and completions become features of a
/// catalog. With it, whatever makes such specifications, as Spring AI's annotated beans do.
///
/// ```java
/// var catalog = Catalog.builder();
/// new SdkFeatures()
///     .tools(forecast, book)
///     .prompts(greeting)
///     .completions(cities)
///     .addTo(catalog);
/// ```
///
/// Who uses it has `mcp-core` and one of the SDK's JSON modules (`mcp-json-jackson3`) on the class
/// path; nobody else needs them.
///
/// ## What a handler finds
///
/// A handler gets an `McpSyncServerExchange` as from the SDK's own server. What it asks (form, web
/// page, model, roots, ping) goes through [trunkline.feature.RequestContext]: its thread waits, the
/// answer may arrive at any instance. Progress and log messages go with the call. It is told a
/// progress token whether or not the client has sent one; reports that nobody wants are dropped.
/// What of Trunkline has no counterpart in the SDK, such as steps that are done once, is reached by
/// [trunkline.adapter.sdk.SdkFeatures#context].
///
/// In the stateless era (2026-07-28) a question ends the run, and the handler is run again from its
/// beginning when the answer is there. To the handler that is a `CancellationException`; one that
/// catches everything, as Spring AI's callbacks do, changes nothing by that: what it answers after
/// it is not sent.
///
/// ## What differs from the SDK's server
///
/// | | there | here |
/// |---|---|---|
/// | arguments | checked if a validator is set | always checked against the input schema |
/// | an exception of a tool | its message reaches the client | only that of an `McpError` does; others may hold secrets |
/// | a capability that the client lacks | `IllegalStateException` | [trunkline.feature.CapabilityMissing], which is one to clients |
/// | the client's name and version | known | null for one that does not say, which 2026-07-28 allows |
/// | a prompt's description in its result | sent | the prompt's own is |
///
/// A schema that says it is of draft-07 or 2019-09 is read as 2020-12. A tool without a description
/// is described by its title or its name. One whose annotations say read-only or idempotent may be
/// run again when its instance dies ([trunkline.feature.Tool]).
///
/// What cannot be carried (`returnDirect`, a completion of a feature that is not there) is refused
/// when the feature is built. Asynchronous and stateless specifications have no place here: make
/// them synchronous ones, whose threads are virtual and may block.
@NullMarked
package trunkline.adapter.sdk;

import org.jspecify.annotations.NullMarked;
