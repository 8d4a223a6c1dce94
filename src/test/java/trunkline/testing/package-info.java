/// Tools the tests share: a real PostgreSQL, real faults, and waiting instead of sleeping.
///
/// - [TestDatabase]: a migrated database of its own for each test class, on a server that is found
///   or started once per JVM. A leftover of a class (connection, transaction, thread) is its
///   failure.
/// - [TestCluster]: real servers on one database, in this JVM or as processes; killed, frozen and
///   closed by the test. [EventLog]: what happened in one of them, to be awaited.
/// - [McpTestClient] and [RawSse]: a client without any cleverness; each request names its
///   instance.
/// - [History]: judges a delivery test: lost, duplicate, inverted, misrouted, phantom.
/// - [Proxy]: a network that delays, drips, falls silent, resets and cuts. [StatementProxy]: makes
///   a fault of a statement that is known by its heading. [RoundRobin]: a balancer that sends each
///   request to another instance.
/// - [Program]: what `./trunkline demo`, `chaos` and `bench` have in common.
///
/// Nothing here stands in for the product: there are no mocks, no in-memory stores and no second
/// implementation of a rule. Where a test must know that something has happened it waits for an
/// event, a future or a fact in the database, always with a limit.
@NullMarked
package trunkline.testing;

import org.jspecify.annotations.NullMarked;
