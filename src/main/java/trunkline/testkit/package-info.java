/// For the tests of those who write tools: what a handler needs, and what a client sees, without a
/// line of JSON.
///
/// ```
///   your test ─▶ Tool.call(record, ScriptedContext)         no server, milliseconds
///   your test ─▶ McpTestClient ─▶ instance 1 ┐
///                              ─▶ instance 2 ┴▶ PostgreSQL   TrunklineServers, a second or two
/// ```
///
/// - [trunkline.testkit.ScriptedContext] is the context of a handler: it answers questions with
///   records, and remembers progress, logs, values, steps and what was sent.
/// - [trunkline.testkit.TrunklineServers] starts two instances for a class of tests; JUnit 6 has to
///   be there for it, and for nothing else of this package.
/// - [trunkline.testkit.McpTestClient] speaks real HTTP to them in turns, in either era, with the
///   same script.
///
/// [trunkline.feature.RequestContext] gets new methods with every release. A test that implements
/// it, or mocks it, breaks then; [trunkline.testkit.ScriptedContext] is final, ours, and grows with
/// it. What it does not check is what needs a server: limits of size, patience, order between
/// instances.
@NullMarked
package trunkline.testkit;

import org.jspecify.annotations.NullMarked;
