package trunkline.history;

import java.util.ArrayList;
import java.util.List;

/// What was done, counted.
///
/// @param took how many requests took up to each of [TrafficCount#BOUNDS_MILLIS], and longer
record Traffic(
    long requests, long failed, long micros, long published, long delivered, List<Long> took) {

  boolean isNone() {
    return requests == 0 && published == 0 && delivered == 0;
  }

  /// What has come since.
  Traffic since(Traffic former) {
    var came = new ArrayList<Long>(took.size());
    for (var bound = 0; bound < took.size(); bound++) {
      came.add(took.get(bound) - former.took.get(bound));
    }
    return new Traffic(
        requests - former.requests,
        failed - former.failed,
        micros - former.micros,
        published - former.published,
        delivered - former.delivered,
        List.copyOf(came));
  }
}
