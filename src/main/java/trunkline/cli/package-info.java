/// The command line of an operator, and its output.
///
/// ```
///   ./trunkline ──▶ Main ──▶ CommandLine ─┬─ serve ────▶ Server.start(ServerConfig) ─▶ everything else
///    finds a JDK,    one line per          ├─ migrate ─▶ store.Migrations, MigrationScript
///    builds once     failure               ├─ sql ─────▶ SqlCommand
///                                          ├─ doctor ──▶ doctor.Doctor
///                                          ├─ status ──▶ status.StatusLook
///                                          ├─ key ─────▶ access.key.KeyDesk
///                                          └─ stop ────▶ embedded.EmbeddedPostgres.stop
/// ```
///
/// **Failures** are one line on the standard error: exit code 2 when the command line or the
/// configuration is wrong, 1 when the command failed. Stack traces appear only with `--log-level
/// debug`. `doctor` ends with 1 when there is something to act on and with 2 when it could not look
/// at everything. An instance that was asked to end (SIGTERM, ctrl-C) and left in peace ends with
/// 0; a further signal ends the wait that it is in.
///
/// **Output.** Text for people (the ready line, tables, help) goes to the standard output, logs to
/// the standard error; passwords go to neither: URLs are stripped of them or masked, and of the
/// embedded server's password only the file is named.
///
/// **A quick start** is learned: [trunkline.cli.Rehearsal] is one for the JVM's AOT cache, made by
/// the launcher beside the first start after a build, and in the image. The JVM (25.0.3) does not
/// notice that a jar has changed and runs the classes that it has of the former one, so the
/// launcher names the file after its own jars' content, the names, lengths and times of the others,
/// and the JDK's release. Logback is told in Java what it needs ([trunkline.cli.LogProvider]):
/// reading it from a file took longer than all the options.
///
/// **No picocli.** Weighed at 4.7.7: it would replace `CommandLine` and `HelpText` (180 lines) for
/// about 100 lines of bridge and a jar of 418 kB. It has no bounds, does not know which source a
/// wrong value came from, checks no names of the environment or of a file, gave no suggestion for
/// `--prot 1`, and applied no default to options in a help section, so `config` would stay whole.
///
/// What it does not do: no command but `key` changes data other than through SQL that the operator
/// typed, and nothing here knows MCP.
@NullMarked
package trunkline.cli;

import org.jspecify.annotations.NullMarked;
