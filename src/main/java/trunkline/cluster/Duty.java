package trunkline.cluster;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/// Whether this instance serves, and how many: what its row wants, as each beat reads it, and what
/// it says itself with the next.
final class Duty {
  private final List<Consumer<Boolean>> listeners = new CopyOnWriteArrayList<>();
  private volatile boolean leaving;
  private volatile BooleanSupplier drained = () -> false;
  private volatile IntSupplier held = () -> 0;
  private volatile boolean drainWanted;

  void onDrainWanted(Consumer<Boolean> listener) {
    listeners.add(listener);
  }

  /// Asked with each beat, on the heartbeat's thread.
  void drainedWhen(BooleanSupplier condition) {
    drained = condition;
  }

  /// As [#drainedWhen]: how many streams have their client here.
  void holding(IntSupplier streams) {
    held = streams;
  }

  /// A signal has told it to end.
  void leave() {
    leaving = true;
  }

  boolean isLeaving() {
    return leaving;
  }

  boolean isDrained() {
    return drained.getAsBoolean();
  }

  int held() {
    return held.getAsInt();
  }

  /// As the row said last.
  boolean isDrainWanted() {
    return drainWanted;
  }

  /// Tells whoever listens, with each beat: one that missed it hears it again.
  void heard(boolean wanted) {
    drainWanted = wanted;
    listeners.forEach(listener -> listener.accept(wanted));
  }
}
