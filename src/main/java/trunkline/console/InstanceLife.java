package trunkline.console;

import trunkline.console.chart.Charts;

/// An instance, for the template.
///
/// @param charts of what it did
public record InstanceLife(long id, Told told, Charts charts) {
  /// How it is; what is empty has not been.
  ///
  /// @param state with `drained` told from `draining`
  public record Told(
      String state,
      String url,
      String version,
      String wakeMode,
      String streams,
      String calls,
      String startedAt,
      String beatAt,
      String drainWantedAt,
      String drainedAt) {
    /// Whether it has ended.
    public boolean isGone() {
      return state.equals("left") || state.equals("dead");
    }

    /// Whether it is to serve nobody.
    public boolean isDrainWanted() {
      return !drainWantedAt.isEmpty();
    }
  }
}
