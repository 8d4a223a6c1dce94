/// Trunkline: an MCP server that scales out on nothing but PostgreSQL.
///
/// This package starts an instance and ties the others together: [trunkline.Server] is what `serve`
/// runs, and what a program starts by [trunkline.Trunkline]. What goes wrong is a
/// [trunkline.feature.TrunklineException], wherever it is found.
///
/// ```
///   Server ──▶ Core ─┬─ ClusterLayer   database, wake-ups, the directory of instances
///     │              ├─ SessionLayer   sessions, announcements, switches, seals
///     │              ├─ StreamLayer    streams, calls, exchanges, tasks
///     │              └─ Calls, Gateway the protocol
///     ├─ BackgroundJobs                what an instance does by itself
///     ├─ HttpServer, or StdioServer
///     ├─ Drain                         serving nobody for a while, by SQL
///     └─ Departure                     how it leaves without costing a request
/// ```
///
/// ## The packages, bottom to top
///
/// A package uses only packages above it in this table. A table of the database is named by its
/// owner alone.
///
/// | package | what it is | tables |
/// |---|---|---|
/// | `telemetry` | events, and what becomes of them: log and meters | |
/// | `otlp` | sending traces and their metrics to a collector | |
/// | `memory` | how much of the heap all requests may hold | |
/// | `jsonrpc` | JSON-RPC 2.0: bytes ⇄ types | |
/// | `trace` | spans: what they are called, and how their context travels | |
/// | `shape` | what a Java type is in JSON: its schema, reading, writing | |
/// | `feature` | the API: tools, resources, prompts, and what a handler may ask for | |
/// | `adapter.sdk` | features made of what was written for the Java SDK | |
/// | `adapter.annotated` | features made of methods that others' annotations mark | |
/// | `store` | how to speak to PostgreSQL: connections, lanes, failures | |
/// | `schema` | whose the schema is, and its migrations | |
/// | `embedded` | a PostgreSQL that needs no installation | |
/// | `tls` | TLS of the listeners: certificates, renewed while they serve | |
/// | `socket` | options of sockets that Java has no name for | |
/// | `signal` | wake-ups: NOTIFY where it arrives, polling where it does not | |
/// | `cluster` | instances: lease, fencing, sweeps | `baton`, `control`, `instances`, `operator_actions` |
/// | `history` | what each instance did, minute by minute | `instance_minutes` |
/// | `session` | sessions, their values and subscriptions | `sessions`, `session_values`, `session_tally`, `subscriptions` |
/// | `announcement` | what every instance must hear, in one order | `announcements`, `announcement_lock`, `outbox` |
/// | `seal` | what clients carry from one instance to another, and the keys | `seal_keys` |
/// | `catalog` | loading features, switching them for all instances | `catalog_switches`, `principal_switches` |
/// | `stream` | streams: publishing, following, replay | `streams`, `stream_moves`, `outbound_messages`, `publish_batches` |
/// | `call` | calls that are streams: opened, cancelled, ended for the dead | `calls` |
/// | `exchange` | questions to clients, and their answers | `pending_requests`, `url_elicitations` |
/// | `task` | calls that are kept as tasks | `tasks`, `task_inputs` |
/// | `access` | who sends a request, and what its credentials let it do | |
/// | `access.oauth` | access tokens of identity providers | |
/// | `rate` | how often a principal and a tool may call, over all instances | `rate_limits`, `rate_buckets` |
/// | `access.key` | API keys: rows that let somebody in | `api_keys` |
/// | `audit` | what clients did and were denied, on record | `audit_key`, `audit_records`, `audit_slots`, `audit_writers` |
/// | `doctor` | what is wrong with a database and its cluster, for whoever asks | |
/// | `status` | what there is right now, for whoever asks | |
/// | `protocol.wire` | what each revision of MCP spells, and what it lacks | |
/// | `protocol.listen` | what clients without a session hear of changes | |
/// | `protocol.around` | what stands around handlers: interceptors, time, places, signs of life | |
/// | `protocol.round` | what a request that asks by ending takes from one round to the next | |
/// | `protocol.run` | a request while it is executed: calls, tasks, what a handler stands on | |
/// | `protocol.method` | what the methods of MCP do | |
/// | `protocol` | the gateway: whose session, which era, which reply | |
/// | `http` | the endpoint: parsing, authentication, event streams | |
/// | `page` | what pages for people are made of | |
/// | `welcome` | the server's page for people, and how to connect | |
/// | `console.chart` | what was done lately, as pictures | |
/// | `console.visitor` | who looks at the console, and who acts | |
/// | `console` | what the tables know, as pages for people | |
/// | `stdio` | one client over the standard streams instead | |
/// | `config` | options, and the policies that they fill | |
/// | (root) | the server and its wiring | |
/// | `testkit` | for the tests of those who write tools | |
/// | `cli` | what an operator types | |
///
/// **Draining** by SQL and leaving by signal are one thing, of which the second has an end:
/// [trunkline.Drain] makes the instance not ready and gives the balancers `--drain-delay` to
/// notice; [trunkline.Emptying] closes streams, at most a thousand in a second, lets calls end
/// within `--drain-timeout` and hands the others on; [trunkline.Departure] refuses connections
/// meanwhile. A further signal ends all waiting.
///
/// Beside them are the catalogs `sample` and `conformance`, written against `feature` and `jsonrpc`
/// as a user's would be.
///
/// [trunkline.DatabaseAccess] joins the embedded PostgreSQL or checks an external one; above it
/// there is no difference.
@NullMarked
package trunkline;

import org.jspecify.annotations.NullMarked;
