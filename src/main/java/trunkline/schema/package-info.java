/// The schema `trunkline` in a database: whether it is ours, which versions it has, and what brings
/// it to this release.
///
/// ```
///   serve, migrate, doctor ──▶ Migrations ─┬─ SchemaFound        whose schema it is, what the role may
///                                          ├─ Flyway             db/migration compared with its history
///                                          └─ MigrationPatience  again, while somebody holds a table
/// ```
///
/// **Looked at before it is touched** ([trunkline.schema.SchemaFound]): a standby, a schema of
/// somebody else's, a migration that was begun and did not finish, a role that may not. What was
/// found and what to do is one sentence of a [trunkline.schema.MigrationNeeded], and nothing was
/// changed.
///
/// **A start that finds all done loads no Flyway** ([trunkline.schema.CurrentSchema]): the history
/// has exactly the migrations of this release with their checksums. Everything else, also what a
/// newer release has added, is Flyway's to judge.
///
/// **Migrations give way** ([trunkline.schema.Migrations]): short lock time-outs, repeated with
/// pauses, so that a reader of an hour delays them and nobody else.
///
/// **The library stays in here.** Its exceptions, log and advice are not seen above, and its class
/// path holds our files alone (`trunkline/migration` in the jar), so that a program with a Flyway
/// of its own runs neither ours nor has its own run by us.
///
/// **Without us**: [trunkline.schema.MigrationPlan] says what would run,
/// [trunkline.schema.MigrationScript] prints it for psql with the rows of its history.
@NullMarked
package trunkline.schema;

import org.jspecify.annotations.NullMarked;
