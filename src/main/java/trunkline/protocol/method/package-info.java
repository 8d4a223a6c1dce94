/// What a client may ask for: one small class for each group of MCP's methods, and
/// [trunkline.protocol.method.Methods], the only one that others see.
///
/// A [trunkline.protocol.run.Method] is a function of context and params; it holds no state, so any
/// instance can run it, and run it again if it says so. A method and the capability that declares
/// it come together (`Methods`): nothing is served that was not declared.
///
/// A new method is a function in the class of its group, and one line in `Methods`. `Methods` asks
/// no revision: what older ones lack, the function refuses itself (as `TaskMethods` does). One that
/// must not run twice says so in `isRetryable`.
///
/// Lists read the catalog's switches from the database, calls use what this instance has heard
/// (`EnabledFeatures`).
///
/// ## Who sees and may call what
///
/// Every look into the catalog goes through the eyes of its caller (`Sight`): what is off for it,
/// or not visible to it, is not found, and so answers as what does not exist. What is found and
/// needs scopes that the caller has not is refused with all of them, twice: by `Method.admit`, in
/// the thread of the connection, so that the refusal has its HTTP status however busy the machine
/// is, and where the method finds its feature, which a further run and a task do too. A catalog has
/// parts that are served by themselves (`Toolsets`): each has methods of its own, over its own
/// features; tasks run wherever their tool is found.
///
/// ## What fails
///
/// One place decides what of a handler's exception its client may read (`HandlerErrors`).
///
/// | what fails | what the client gets |
/// |---|---|
/// | unknown method | `-32601` |
/// | unknown tool or prompt, bad cursor, bad level, missing argument | `-32602` |
/// | scopes are missing | `-32003` with all that it takes |
/// | wrong arguments of a tool | `isError` since 2025-11-25, `-32602` before |
/// | a page must be opened first | `-32042` with the pages; in words for clients that open none |
/// | a tool throws | `isError`; the text only of exceptions that are meant to be read |
/// | a resource that is not there | `-32002` with its URI (`-32602` when stateless) |
/// | another handler throws | `-32603`; same rule for the text |
///
/// ## What it does not do
///
/// It knows no thread, no stream and no session beyond its context, and `initialize` is not among
/// its methods: that opens the session that these run in.
@NullMarked
package trunkline.protocol.method;

import org.jspecify.annotations.NullMarked;
