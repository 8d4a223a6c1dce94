package trunkline.signal;

import java.time.Duration;

/// How often one loop looks when nobody rings. Each loop has a pace of its own.
public interface Pace {

  /// How long to wait now; it grows while nothing happens.
  Duration interval();

  /// The last look found something, so the next may too.
  void reset();
}
