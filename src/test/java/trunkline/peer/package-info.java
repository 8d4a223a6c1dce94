/// Parties that are not ours: clients, a test suite, balancers and a pooler that others wrote and
/// that know nothing of how we think the protocol is meant.
///
/// - [TypeScriptClientTest]: the TypeScript SDK's client. Its reconnection decides whether our
///   streams end in a loop or in a lost result, see `trunkline.stream`.
/// - [StatelessTypeScriptClientTest]: that SDK's second client, which speaks both eras, and which
///   any wrong answer to its first request would send back to the older one.
/// - [JavaSdkClientTest]: the Java SDK's client, which resumes nothing, whatever it says.
/// - [ConformanceTest]: the protocol's official suite in both eras, the scored scenarios and the
///   others, each request to another instance: by our own balancer, and by HAProxy as we ship it.
/// - [HaProxyTest], [NginxTest]: the balancer configurations that we ship, with nothing changed but
///   addresses. Both answer the question whether anything is held back between the parties.
/// - [EmbeddedInSpringBootTest]: an application of somebody else's, with Trunkline inside.
/// - [PgBouncerTest]: the pool through a transaction pooler, with LISTEN past it and with LISTEN
///   lost in it.
///
/// Programs come from the machine, Maven's artifacts from its repository, npm packages from the
/// registry into `target/peers`, pinned by the lock file in `src/test/peers`. What cannot be had is
/// a [trunkline.testing.Requirement] that is not met: one line in the report, a failure in CI.
@NullMarked
package trunkline.peer;

import org.jspecify.annotations.NullMarked;
