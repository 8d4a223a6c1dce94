package trunkline.protocol.around;

import java.time.Duration;

/// A handler's run, as far as its time is concerned.
public interface Timed {
  /// Whether its client asked for progress.
  boolean wantsProgress();

  /// How long its client has heard no progress; from its beginning on, if none at all.
  Duration quiet();

  /// Tells the client that it goes on, by a progress just above the last.
  void beat();

  /// Whether nobody's connection waits for it: a task.
  boolean isDetached();

  /// Answers its client instead of the handler, which goes on and is not heard any more.
  ///
  /// @param said a tool's error, for the model
  void giveUp(String said);
}
