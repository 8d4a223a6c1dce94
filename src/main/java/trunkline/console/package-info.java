/// The console: what the tables know, as pages for people.
///
/// ```
///   http ──▶ Console ──▶ a page ──▶ its rows ──▶ ConsoleLine ──▶ views
///               │           └─▶ a template (src/main/jte)
///               └─▶ assets: style sheets and htmx, from the jar ([trunkline.page.Assets])
/// ```
///
/// **It touches nothing that serves.** [trunkline.console.ConsoleLine] has two connections at most,
/// of its own, and bounds each statement and each answer; one of them outlasts a page by some
/// seconds ([trunkline.console.KeptConnection]). Whoever comes third waits a moment and is then
/// told to come again. A page that fails says so and is nobody else's.
///
/// **What it reads** are views, and in them no payload, argument or answer, but for what messages
/// say, where that is wanted and the visitor may ([trunkline.console.MessagesScreen]). A session is
/// named by its key, since the id lets an anonymous client in. Names are text wherever they come
/// from: the templates escape, and no inline script or style would run ([trunkline.http.Pages]).
///
/// **What if nobody looks?** Nothing is read. However many look at the overview, an instance reads
/// it once in two seconds ([trunkline.console.Shared]).
///
/// **Pages, never counts.** A list is read by key from the newest to the oldest
/// ([trunkline.console.SessionListRows]). What has no index is looked for among so many of the
/// newest, and the page says how far it has looked and goes on from there.
///
/// **One session's time line** ([trunkline.console.Story]) is made of what the tables keep: the
/// session, its streams with their latest reader, calls that became streams, questions with who
/// asked and who took the answer, tasks, and, where `--audit` is on, each request. What is not kept
/// is said on the page.
///
/// **What can be done** is a table of statements ([trunkline.console.Acts]): each is a function
/// that SQL has, shown as it can be copied, before and after. Nothing is done by a GET, or by a
/// form that is not ours ([trunkline.console.visitor.Forms]). What if the answer is lost? Then the
/// page says that nobody knows.
///
/// **Who may look.** On the embedded default whoever sits at this machine
/// ([trunkline.console.visitor.Visitors]); elsewhere, with `--console`, by scopes
/// ([trunkline.console.visitor.ScopedAdmission]): the browser brings its key back sealed, and it is
/// judged with each page.
@NullMarked
package trunkline.console;

import org.jspecify.annotations.NullMarked;
