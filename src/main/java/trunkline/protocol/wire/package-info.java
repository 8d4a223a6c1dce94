/// The words of MCP, revision by revision: reading what clients sent, spelling what they get.
///
/// [trunkline.protocol.wire.Envelope] reads what a request of the stateless era says of its client.
/// [trunkline.protocol.wire.Revision] is decided once per request and is a value from there on.
/// Each difference between revisions is one named method of it (`hasTitles()`, `allowsBatch()`),
/// and whoever answers asks it to spell the answer:
///
/// ```
///   Tool, Resource, Prompt … ─▶ revision.spell ─▶ Listing   ─▶ an entry of a list
///   ToolResult, PromptMessage ─▶ revision.spell ─▶ Rendering ─▶ a result
///   ClientRequest             ─▶ revision.spell ─▶ Forms     ─▶ the params of a question
/// ```
///
/// `Listing`, `Rendering` and `Forms` take away what the revision lacks, and nobody else does: a
/// handler is written once, for the newest revision. A client that is strict refuses a whole list
/// because of one unknown field, so what a revision lacks must not be sent.
///
/// A new revision is a constant of the enumeration, and an answer to each of its questions.
///
/// ## What it does not do
///
/// It decides nothing: no session, no stream, no handler is reached from here. The one exception to
/// "spelled by the revision" are tasks ([trunkline.protocol.wire.TaskSpelling]), which exist in
/// 2025-11-25 only.
@NullMarked
package trunkline.protocol.wire;

import org.jspecify.annotations.NullMarked;
