/// What is wrong with a database and its cluster, and what to do about it.
///
/// ```
///   Doctor ──▶ each Check(Patient) ──▶ Finding (ok | note | warning | fault, what was found, what to do) ──▶ Report
/// ```
///
/// It looks as the role that it is given, through the connections that an instance has: the pool,
/// where a transaction pooler loses settings, and the direct one, where LISTEN has to work. What an
/// instance looks at before it serves is looked at by the same code
/// ([trunkline.cluster.DatabaseInspection], [trunkline.store.Rights],
/// [trunkline.schema.Migrations]), so that `doctor` and a start say the same.
///
/// **Nothing is changed**, and nothing is locked: catalogues, views and settings are read, and a
/// few NOTIFYs are sent on a channel that nobody else listens to.
///
/// **No check hides another.** One that may not look says which right it lacks, as a note; one
/// whose statement is refused says so; only when the database does not answer any more the rest is
/// left out. In each case the report says that not everything was looked at.
///
/// What it does not do: nothing here is run by an instance, and what only an instance knows (what
/// its sweeps set aside, its pool, its memory) is in its log and meters.
@NullMarked
package trunkline.doctor;

import org.jspecify.annotations.NullMarked;
