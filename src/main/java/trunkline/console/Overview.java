package trunkline.console;

import java.util.List;
import trunkline.status.Status;

/// What there is, for the template.
///
/// @param faults what somebody should act on
public record Overview(Status status, List<String> faults, List<Figure> figures) {
  /// A figure with its name.
  ///
  /// @param more what stands below it; may be empty
  public record Figure(String name, String value, String more) {}
}
