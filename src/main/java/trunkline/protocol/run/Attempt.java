package trunkline.protocol.run;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// One of the runs of a call.
///
/// @param begins counts it before its handler does anything; false when it is not to begin. To be
///   repeated when the outcome is unknown. Null for the first run, which is counted by the row that
///   the call gets when it becomes a stream
record Attempt(@Nullable BooleanSupplier begins, Runs runs) {
  static Attempt first(Runs runs) {
    return new Attempt(null, runs);
  }
}
