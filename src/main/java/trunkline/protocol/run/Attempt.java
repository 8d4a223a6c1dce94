package trunkline.protocol.run;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// One of the runs of a call.
///
/// @param begins counts it before its handler does anything; false when it is not to begin. To be
///   repeated when the outcome is unknown. Null for the first run, which is counted by the row that
///   the call gets when it becomes a stream
/// @param mayFollow whether another run may follow this one
record Attempt(@Nullable BooleanSupplier begins, boolean mayFollow) {
  static Attempt first(boolean mayFollow) {
    return new Attempt(null, mayFollow);
  }
}
