/// The default catalog: something to play with that shows each feature once.
///
/// | to see | call |
/// |---|---|
/// | typed input and output | `calculate` |
/// | a question to the user, answered at any instance | `order_pizza` |
/// | a question to the client's model | `summarize` |
/// | progress, and a cancel that arrives elsewhere | `bake` |
/// | what a session remembers, on every instance | `add_note`, `list_notes` |
/// | one row that reaches everybody | `shout` |
/// | a message to one other session | `who_am_i`, `whisper` |
/// | a resource that changes for its subscribers | `run_clock`, `sample://clock` |
/// | a list that changes for everybody | `hide_surprise`, `surprise` |
/// | links, templates, completion | `find_city`, `sample://cities/{name}`, the prompt `travel_guide` |
/// | the client's folders | `show_roots` |
/// | a page beside the conversation (MCP Apps) | `show_menu`, `ui://sample/menu.html` |
///
/// It uses nothing but `trunkline.feature` and `trunkline.jsonrpc`, so each class can be copied as
/// the start of a catalog of one's own. It keeps no state outside of sessions, and nothing here
/// does harm when a stranger calls it.
@NullMarked
package trunkline.sample;

import org.jspecify.annotations.NullMarked;
