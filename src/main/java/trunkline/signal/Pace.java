package trunkline.signal;

import java.time.Duration;

/// The poll interval of one loop without rings. Each loop has a pace of its own.
public interface Pace {

  /// How long to wait now; it grows while nothing happens.
  Duration interval();

  /// The last poll found something, so the next may too.
  void reset();
}
