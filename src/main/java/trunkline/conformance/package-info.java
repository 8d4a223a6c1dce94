/// The fixtures that the official MCP conformance suite calls by name: `trunkline serve --features
/// conformance`.
///
/// Names, texts and schemas are the suite's, down to the spelling; they are no example of good
/// tools (that is `trunkline.sample`). The suite reads only the first page of a list and calls the
/// first tool with no arguments, so `test_simple_text` comes first and nothing here is sorted.
///
/// What the stateless revision alone asks for (`test_input_required_…`, tasks) is not here yet.
@NullMarked
package trunkline.conformance;

import org.jspecify.annotations.NullMarked;
