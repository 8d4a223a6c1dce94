package trunkline.bench;

import java.time.Duration;

/// How long it may take: more rounds and longer ones are less at the mercy of the machine.
///
/// @param warmUp before the first round, of each side
/// @param time of one side of a round that measures a rate
record Effort(int rounds, Duration warmUp, Duration time) {
  static final Effort QUICK = new Effort(3, Duration.ofSeconds(4), Duration.ofSeconds(2));
  static final Effort FULL = new Effort(7, Duration.ofSeconds(10), Duration.ofSeconds(5));
}
