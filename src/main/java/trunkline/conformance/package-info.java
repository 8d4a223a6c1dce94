/// The fixtures that the official MCP conformance suite calls by name: `trunkline serve --features
/// conformance`.
///
/// Names, texts and schemas are the suite's, down to the spelling; they are no example of good
/// tools (that is `trunkline.sample`). The suite reads only the first page of a list and calls the
/// first tool with no arguments, so `test_simple_text` comes first and nothing here is sorted.
///
/// The fixtures of both eras are listed in both: none of them knows in which it is called. What
/// asks its client has named its questions where the suite names them.
///
/// | tools of | what they show |
/// |---|---|
/// | `ContentTools`, `RunningTools`, `AskingTools` | either era; the suite asks and logs in sessions |
/// | `InputTools` | calls and a prompt that ask, in one round, several rounds, or several at once |
/// | `StatelessTools` | what a request without a session gets, and is spared |
/// | `TaskTools` | calls that become tasks, at once or after they have asked |
@NullMarked
package trunkline.conformance;

import org.jspecify.annotations.NullMarked;
