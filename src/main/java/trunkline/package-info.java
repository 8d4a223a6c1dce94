/// Trunkline: an MCP server that scales out on nothing but PostgreSQL.
///
/// This package is what an operator types and what ties the others together.
///
/// ```
///   ./trunkline ──▶ Main ──▶ CommandLine ─┬─ serve ────▶ Server.start(ServerConfig) ─▶ everything else
///    finds a JDK,    one line per          ├─ migrate ─▶ store.Migrations
///    builds once     failure               ├─ sql ─────▶ SqlCommand
///                                          └─ stop ────▶ embedded.EmbeddedPostgres.stop
/// ```
///
/// **Options** ([trunkline.Option]) have one name in three spellings: `--poll-only`,
/// `TRUNKLINE_POLL_ONLY`, `poll-only` in a properties file. The command line wins over the
/// environment, that over the file, that over the default. A name that nobody knows is refused
/// wherever it stands, with the nearest one that is known: a misspelt option that is silently
/// ignored is found out in production. What Kubernetes puts into the environment of every pod when
/// a service is called `trunkline` is not ours and passes.
///
/// **Failures** are one line on the standard error: exit code 2 when the command line or the
/// configuration is wrong, 1 when what was asked could not be done. Stack traces appear only with
/// `--log-level debug`. An instance that was told to end (SIGTERM, ctrl-C) and left in peace ends
/// with 0.
///
/// **The database** is chosen by one option ([trunkline.DatabaseChoice]): the embedded PostgreSQL,
/// joined here and left at the end, or one that somebody runs. From [trunkline.DatabaseAccess] on
/// nobody can tell the difference.
///
/// **Output.** What is for people (the ready line, tables, help) goes to the standard output, logs
/// to the standard error; passwords go to neither: the URL is stripped of them, and of the embedded
/// server's password only the file is named.
///
/// What it does not do: no command changes data other than through SQL that the operator typed, and
/// nothing here knows MCP.
@NullMarked
package trunkline;

import org.jspecify.annotations.NullMarked;
