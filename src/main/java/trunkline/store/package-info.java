/// How Trunkline speaks to PostgreSQL, and nothing about what it says.
///
/// **One place builds connections** ([trunkline.store.Connections]): URL, user, password, TLS and
/// time-outs reach the pool, the direct connections (LISTEN, heartbeat) and Flyway alike.
///
/// **JDBC runs only on platform threads that nobody interrupts.** An interrupt inside pgjdbc on a
/// virtual thread closes the socket: the pooled connection is lost and a commit in flight becomes
/// unknown. So handlers and connection threads, which cancellation does interrupt, wait on futures,
/// and statements run on the threads of [trunkline.store.Lane] and [trunkline.store.Database].
///
/// **Natural batching.** A lane has one batch in flight; what is submitted meanwhile is the next
/// batch. No timer, so an idle lane adds no latency, and a busy one shares its round trip and its
/// disk flush among everybody who came in the meantime.
///
/// ```
///   virtual threads ──submit──▶ queue (bounded) ──drain──▶ platform thread ──one statement──▶ PostgreSQL
///          ▲                                                     │
///          └───────────── future completes after the commit ─────┘
/// ```
///
/// **Autocommit, one round trip.** Whatever locks a row does so in one statement or one function
/// call; no transaction of ours is ever open across a round trip, so a frozen instance holds no
/// lock. `statement_timeout` stays 0 (it would turn an unreplicated commit into a success); the
/// socket time-out makes the outcome *unknown* instead, and each caller says what unknown means to
/// it: reads and guarded updates are repeated, publishes are repeated under their batch key.
///
/// **Failure.** A statement that fails because the database cannot be reached raises
/// [trunkline.store.DatabaseUnavailable]; a lane of repeatable work tries again with pauses until
/// its patience ends. Anything else is a defect of the statement and is thrown as jOOQ's or JDBC's
/// own exception to whoever asked.
@NullMarked
package trunkline.store;

import org.jspecify.annotations.NullMarked;
