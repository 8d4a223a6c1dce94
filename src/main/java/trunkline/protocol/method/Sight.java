package trunkline.protocol.method;

import java.util.function.Predicate;
import java.util.function.Supplier;
import trunkline.feature.Feature;
import trunkline.feature.Principal;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// What one caller sees of a catalog: what is on for it, and lets it look. Whatever is not seen is,
/// to this caller, as if it were not there.
///
/// @param isOn for this caller
/// @param caller asked only where a feature is not for everybody
record Sight(Predicate<Feature> isOn, Supplier<Principal> caller, EventSink events)
    implements Predicate<Feature> {
  @Override
  public boolean test(Feature feature) {
    return isOn.test(feature) && isVisible(feature);
  }

  /// A condition that fails says no: it must not let anybody in.
  private boolean isVisible(Feature feature) {
    if (feature.access().isVisibleToAll()) {
      return true;
    }
    try {
      return feature.access().isVisibleTo(caller.get());
    } catch (Exception | LinkageError | StackOverflowError | AssertionError e) {
      events.emit(
          new ServerEvent.VisibilityUnknown(
              feature.kind().word(), feature.key(), ServerEvent.place(e)));
      return false;
    }
  }
}
