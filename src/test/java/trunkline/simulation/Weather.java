package trunkline.simulation;

import java.util.SplittableRandom;

/// What may go wrong in one order, and how often: each has some kinds of faults and not others,
/// since all at once would hide what each alone does.
///
/// @param lostAnswers of a hundred statements
/// @param lostRequests of a hundred statements that never arrive, though that is not known
/// @param refusals of a hundred statements that find nobody
/// @param lostWakes of a hundred
record Weather(
    int nodes,
    int sessions,
    int messages,
    int calls,
    int lostAnswers,
    int lostRequests,
    int refusals,
    int lostWakes,
    boolean kills,
    boolean freezes,
    boolean outages,
    boolean promotions,
    boolean rotations,
    boolean locks,
    boolean forgetful,
    boolean impatient,
    boolean interrupts,
    boolean ends) {

  static Weather of(SplittableRandom random) {
    return new Weather(
        random.nextInt(2, 4),
        random.nextInt(1, 3),
        random.nextInt(4, 14),
        random.nextInt(0, 3),
        some(random, 8),
        some(random, 4),
        some(random, 4),
        random.nextInt(3) == 0 ? 100 : some(random, 60),
        random.nextInt(3) == 0,
        random.nextInt(4) == 0,
        random.nextInt(5) == 0,
        random.nextInt(6) == 0,
        random.nextInt(4) == 0,
        random.nextInt(3) == 0,
        random.nextInt(3) == 0,
        random.nextInt(3) == 0,
        random.nextInt(4) == 0,
        random.nextInt(8) == 0);
  }

  private static int some(SplittableRandom random, int max) {
    return random.nextBoolean() ? 0 : random.nextInt(1, max + 1);
  }
}
