/// The way Trunkline speaks to PostgreSQL, and nothing about what it says.
///
/// **One place builds connections** ([trunkline.store.Connections]): URL, user, password, TLS and
/// time-outs reach the pool, the direct connections (LISTEN, heartbeat) and Flyway alike; or a
/// program lends them ([trunkline.store.LentConnection]). [trunkline.store.PostgresUrl] reads both
/// forms of URL, [trunkline.store.ConnectionReason] says why there is no connection.
///
/// **JDBC runs only on platform threads that are never interrupted.** An interrupt inside pgjdbc on
/// a virtual thread closes the socket: the pooled connection is lost and a commit in flight becomes
/// unknown. So handlers and connection threads, which cancellation does interrupt, wait on futures,
/// and statements run on the threads of [trunkline.store.Lane] and [trunkline.store.Database].
///
/// **Natural batching.** A lane has one batch in flight; what is submitted meanwhile is the next
/// batch. No timer, so an idle lane adds no latency, and a busy one shares its round trip and its
/// disk flush among all callers that arrived meanwhile.
///
/// ```
///   virtual threads ──submit──▶ queue (bounded) ──drain──▶ platform thread ──one statement──▶ PostgreSQL
///          ▲                                                     │
///          └───────────── future completes after the commit ─────┘
/// ```
///
/// **Autocommit, one round trip.** Rows are locked in one statement or one function call; no
/// transaction of ours is ever open across a round trip, so a frozen instance holds no lock.
/// `statement_timeout` stays 0 (it would turn an unreplicated commit into a success); the socket
/// time-out makes the outcome *unknown* instead, and each caller says what unknown means to it:
/// reads and guarded updates are repeated, publishes are repeated under their batch key.
///
/// **One way to speak.** Every statement is jOOQ's, in a class named `…Rows`, which owns its
/// [trunkline.store.Database] and its patience and takes and returns domain values only: no
/// connection, no record of jOOQ's leaves it. Tables, views and functions are generated *beside
/// their owner* and are package-private, so the compiler checks who owns a table
/// (`GeneratedPackage`); ids, enumerations and instants come out as types (`GeneratedTypes`). Two
/// spellings:
///
/// - *jOOQ's words* for whatever concerns one table and locks nothing in a particular order, and
///   for calls of functions: `sql.named("instances.leave: a dead one stays
///   dead").update(INSTANCES)…`, read by `Records.mapping(Registration::new)`;
///   `Routines.declareDead(sql.routine("…"), id)`.
/// - *a text* ([trunkline.store.SqlText]) where the shape of the statement is the point: what
///   locks, in which order, in one snapshot. It binds by name (`:lease`, or the column's own name
///   with `set(INSTANCES.WAKE_MODE, mode)`; arrays with `all`) and is read by column
///   (`row.get(INSTANCES.BEAT_AT)`), never by position. Key words are in upper case.
///
/// Either way a statement begins with its heading, `-- table.verb: why`, which an operator reads in
/// `pg_stat_activity` and `db/README.md` refers to.
///
/// **Failure** is translated in one place, by one table ([trunkline.store.FailureKind]): *away* and
/// *doubtful* raise [trunkline.store.DatabaseUnavailable], *busy* [trunkline.store.DatabaseBusy],
/// *refused* [trunkline.store.StatementRefused], or [trunkline.store.RightMissing] where a grant
/// would help, which it names. Only after a doubtful one it is open whether it happened. Who
/// repeats: a [trunkline.store.Lane] of repeatable work all but the refused, until its patience
/// ends; [trunkline.store.LockPatience] what is busy; [trunkline.store.OutagePatience] a whole
/// request, for all but the refused. What is still busy or away then is a 503 with `Retry-After`. A
/// message names the statement, the SQLSTATE and the server's sentence; who holds the lock is
/// reported once a second at most. No package above sees an exception of jOOQ or JDBC.
///
/// **An [Error]** on a thread that others need (a lane's, the pool's, a loop's) fails what is asked
/// and ends the process ([trunkline.telemetry.Crash]): it must not go on as a server that says it
/// is well and answers nobody.
///
/// **A row that nobody can deal with** is left alone by the sweep that meets it
/// ([trunkline.store.SetAside]): named once, counted, tried again after ten minutes; its neighbours
/// go on. CHECK constraints keep such rows out; it is for those from before, and for what nobody
/// has thought of.
@NullMarked
package trunkline.store;

import org.jspecify.annotations.NullMarked;
