package trunkline.console;

import java.util.List;
import org.jspecify.annotations.Nullable;
import trunkline.console.chart.Charts;
import trunkline.status.Status;

/// What there is, for the template.
///
/// @param faults what somebody should act on
/// @param charts null where only what is now is shown
public record Overview(
    Status status, List<String> faults, List<Figure> figures, @Nullable Charts charts) {
  /// A figure with its name.
  ///
  /// @param more what stands below it; may be empty
  public record Figure(String name, String value, String more) {}
}
