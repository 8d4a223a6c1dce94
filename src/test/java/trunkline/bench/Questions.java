package trunkline.bench;

import trunkline.doctor.Doctor;
import trunkline.status.StatusLook;
import trunkline.store.Connections;

/// How long an operator waits for an answer in a database that is full: each view, narrowed as its
/// comment says, each file of `db/admin` that needs nothing, `status` and `doctor`.
final class Questions implements Row {
  private static final double NOTED_MILLIS = 50;

  private final GrownDatabases databases;

  Questions(GrownDatabases databases) {
    this.databases = databases;
  }

  @Override
  public String word() {
    return "size-questions";
  }

  @Override
  public String title() {
    return "the slowest answer to an operator, with %,d sessions and %,d messages"
        .formatted(databases.many(), databases.many() * LivingSessions.MESSAGES_EACH);
  }

  @Override
  public String floor() {
    return "";
  }

  @Override
  public String unit() {
    return "ms";
  }

  @Override
  public Target target() {
    return Target.atMost(200);
  }

  @Override
  public Trial prepare(Stage stage) throws Exception {
    var big = databases.big(stage);
    return () -> {
      var slowest = 0.0;
      var round = Round.alone(0);
      try (var connection = big.connect()) {
        for (var question : Question.all(connection)) {
          var millis = question.millis(connection);
          slowest = Math.max(slowest, millis);
          if (millis > NOTED_MILLIS) {
            round = round.with(question.name() + " ms", millis);
          }
        }
      }
      var start = System.nanoTime();
      var missing = StatusLook.take(new Connections(big.settings())).missing();
      var status = (System.nanoTime() - start) / 1e6;
      if (!missing.isEmpty()) {
        throw new IllegalStateException("parts of status without an answer: " + missing);
      }
      start = System.nanoTime();
      Doctor.examine(new Connections(big.settings()));
      var doctor = (System.nanoTime() - start) / 1e6;
      slowest = Math.max(slowest, Math.max(status, doctor));
      return new Round(Double.NaN, slowest, round.notes())
          .with("status as a whole ms", status)
          .with("doctor as a whole ms", doctor);
    };
  }
}
