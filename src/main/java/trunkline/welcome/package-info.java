/// The server's page for people: what it is, what it offers, and how to connect.
///
/// ```
///   GET /  (text/html) ──▶ Welcome ──▶ Listed    what tools/list and its like say, of protocol
///                             │   └──▶ Front     ──▶ src/main/jte/welcome
///                             └──▶ Connecting ◀── ./trunkline connect
/// ```
///
/// **It tells a stranger nothing that MCP would not.** Its lists are those of an anonymous client,
/// with switches and conditions ([trunkline.protocol.method.Methods#listedFor]), read anew for each
/// look. Where credentials are needed nothing is listed or read, and the server says no more of
/// itself than its title and website. A toolset has its page at `/?toolset=NAME`, for whoever knows
/// its name: there is no list of them over MCP either.
///
/// **The URL** in what is to be copied is `--public-url`, else what the visitor has typed: the
/// `Host` that was let in, and the listener's own scheme. The address in the directory of instances
/// is not told to strangers.
///
/// **Only browsers see it**: whatever does not ask for `text/html` by name finds nothing at `/`, as
/// ever. It has no script, and its style sheets are its own, whether or not there is a console.
@NullMarked
package trunkline.welcome;

import org.jspecify.annotations.NullMarked;
