package trunkline.protocol.round;

import java.util.Map;
import java.util.Optional;

/// What a request's steps gave, kept with the request for its next run.
public interface StepMemory {
  /// What former runs remembered, by the steps' names.
  Map<String, String> former();

  /// Remembers what a step gave; returns after the commit, also when the thread is interrupted
  /// meanwhile. To be repeated when the outcome is unknown.
  ///
  /// @return what is remembered under that name; empty when the request is another run's by now
  Optional<String> remember(String name, String outcome);
}
