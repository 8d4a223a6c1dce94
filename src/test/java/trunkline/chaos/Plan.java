package trunkline.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// The faults of a run and their times: a script, or drawn from a seed.
///
/// @param seed of the faults and of what the clients do
/// @param seconds until the clients begin nothing more
/// @param patience seconds in which everything must have come after that
/// @param entire whether all faults are made, however long that takes; else those for which there
///   is time
record Plan(long seed, int seconds, int patience, boolean entire, List<Step> steps) {
  private static final int CALM_SECONDS = 5;
  private static final int SPACING_SECONDS = 9;
  private static final int PLACES = 3;

  /// What an instance had abandoned itself, when it was parted from the database, it looks after
  /// again a minute later; and twice, when that happens to its second run.
  private static final int PATIENCE = 150;

  /// One of each that is told to an audience.
  static Plan demo() {
    return new Plan(
        1,
        40,
        PATIENCE,
        true,
        List.of(
            new Step(0, Fault.NONE, 0, 0),
            new Step(3, Fault.KILL, 0, 0),
            new Step(11, Fault.FREEZE, 1, 6),
            new Step(19, Fault.LEAVE, 2, 0),
            new Step(27, Fault.RESTART_DATABASE, 0, 0),
            new Step(32, Fault.CRASH_DATABASE, 0, 0),
            new Step(36, Fault.CUT_CLIENTS, 0, 0)));
  }

  /// Each round has all faults once, in an order, at places and for times that the seed decides.
  static Plan drawn(long seed, int seconds) {
    var random = new Random(seed);
    var steps = new ArrayList<Step>();
    steps.add(new Step(0, Fault.NONE, 0, 0));
    var hat = new ArrayList<Fault>();
    for (var at = CALM_SECONDS; at < seconds - CALM_SECONDS; ) {
      if (hat.isEmpty()) {
        hat.addAll(List.of(Fault.values()));
        hat.remove(Fault.NONE);
      }
      var fault = hat.remove(random.nextInt(hat.size()));
      steps.add(new Step(at, fault, random.nextInt(PLACES), 1 + random.nextInt(10)));
      at += SPACING_SECONDS - 4 + random.nextInt(SPACING_SECONDS);
    }
    return new Plan(seed, seconds, PATIENCE, false, List.copyOf(steps));
  }

  /// The same without a fault: what the checker says of a bug that needs none.
  static Plan calm(long seed, int seconds) {
    return new Plan(seed, seconds, seconds, true, List.of(new Step(0, Fault.NONE, 0, 0)));
  }
}
