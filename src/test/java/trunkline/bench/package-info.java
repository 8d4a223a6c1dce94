/// The benchmark: `./trunkline bench`.
///
/// Each [Row] of its table is a figure of the product beside a floor: the least that any program on
/// the same machine would need, measured by the same load in the same run, a round of the one after
/// a round of the other. What counts is the ratio of a round's two figures, and of the rounds the
/// median; absolute figures say more of the machine than of us.
///
/// ```
///   Main ── Order        what was typed
///     └─ Row … ── Trial  starts what it needs on the Stage; plays rounds
///          └─ Result     ratio, figures, target ──▶ Table (screen), Record (JSON)
///
///   this process                       processes of their own
///     Reactor ── Wire … ────HTTP────▶    BareServer   the floor: Helidon and fixed bytes
///     (one thread, any number            BenchServer  the product, with BenchTools
///      of connections)                   PostgreSQL
/// ```
///
/// Server, database and load share the machine, so the load must be cheap: one thread, no object
/// for an answer. The database is the embedded one with its defaults (`fsync` on), or a given one.
/// Floors of the database are plain JDBC on the same server ([RawMessages], [RawWake]).
///
/// **A fast run with a wrong answer is a failed run.** Each answer's status and length are looked
/// at ([RightAnswers]), each delivered message goes to [trunkline.testing.History] or has its
/// number checked against its predecessor's, streams must be open still; what does not come within
/// a minute fails its row ([Patience], [Watchdog]). The program ends with 1 when one is wrong.
///
/// **Nothing is left behind**: the [Stage] ends what a row has started and drops what it has made,
/// also after a row that failed and by ctrl-C.
///
/// **Beside floors, three more suites**: `--peers` puts the product beside servers that people use
/// ([PeerCalls]; scripts in `src/test/peers/servers` install and start them), `--growth` beside
/// itself with less of everything ([Spread], [CostBySize], [Questions]), `--hours` lets it run
/// ([Endurance]).
///
/// The launcher compiles this package with the JDK's compiler alone against `trunkline.jar`;
/// therefore it uses nothing but that jar and what of [trunkline.testing] does so as well.
@NullMarked
package trunkline.bench;

import org.jspecify.annotations.NullMarked;
