package trunkline.cluster;

import java.util.ArrayList;
import java.util.List;
import trunkline.cluster.ControlRows.Fault;
import trunkline.cluster.DatabaseTrait.Fitness;
import trunkline.store.Database;
import trunkline.store.RightMissing;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// Checks the database before an instance serves.
public final class DatabaseInspection {
  /// However many restores are on record.
  private static final int IN_ANY_CASE = -1;

  private final Database database;
  private final EventSink events;

  public DatabaseInspection(Database database, EventSink events) {
    this.database = database;
    this.events = events;
  }

  /// Refuses a database on which promises would be broken, warns of one on which things would be
  /// slow, and adopts one that was restored, copied or upgraded.
  ///
  /// @throws DatabaseUnfit naming every fault and its remedy
  public void require() {
    var _ = adopt(false, 0);
  }

  /// Treats the database as restored even if that cannot be seen.
  public void noteRestored() {
    var _ = adopted(true, IN_ANY_CASE);
  }

  /// All that [#require] looks at, as it is: for somebody who asks, and changes nothing.
  public List<DatabaseTrait> traits() {
    return DatabaseTraits.of(DatabaseFacts.read(database));
  }

  /// What a partial restore, an edit by hand or old rows left in the tables, and what mends it.
  public List<DatabaseTrait> damages() {
    var damages = new ArrayList<DatabaseTrait>();
    for (var fault : new ControlRows(database).faults()) {
      var fitness = fault.stops() ? Fitness.UNFIT : Fitness.DOUBTFUL;
      damages.add(DatabaseTrait.said("control", fitness, fault.sentence()));
    }
    for (var broken : BrokenChecks.of(database)) {
      damages.add(DatabaseTrait.said("rows", Fitness.DOUBTFUL, broken));
    }
    return damages;
  }

  private static List<String> sentences(List<DatabaseTrait> traits, Fitness fitness) {
    return traits.stream()
        .filter(trait -> trait.fitness() == fitness)
        .map(DatabaseTrait::sentence)
        .toList();
  }

  /// As [ControlRows#adopt], for a database that fits.
  Adoption adopt(boolean rewound, int restores) {
    var facts = DatabaseFacts.read(database);
    var control = new ControlRows(database);
    var faults = control.faults();
    var traits = DatabaseTraits.of(facts);
    var wrong = new ArrayList<>(sentences(traits, Fitness.UNFIT));
    faults.stream().filter(Fault::stops).map(Fault::sentence).forEach(wrong::add);
    if (!wrong.isEmpty()) {
      throw new DatabaseUnfit(wrong);
    }
    sentences(traits, Fitness.DOUBTFUL)
        .forEach(finding -> events.emit(new ServerEvent.DatabaseDoubtful(finding)));
    brokenChecks().forEach(finding -> events.emit(new ServerEvent.DatabaseDoubtful(finding)));
    faults.forEach(fault -> events.emit(new ServerEvent.ControlUnfit(fault.sentence())));
    return adopted(rewound, restores);
  }

  /// A role that lost the right to look registers anew all the same.
  private List<String> brokenChecks() {
    try {
      return BrokenChecks.of(database);
    } catch (RightMissing e) {
      return List.of("whether old rows break checks is unknown: " + e.getMessage());
    }
  }

  private Adoption adopted(boolean rewound, int restores) {
    var adoption = new ControlRows(database).adopt(rewound, restores);
    if (adoption.restored()) {
      events.emit(new ServerEvent.DatabaseRestored(adoption.restores(), adoption.base()));
    } else if (adoption.raised()) {
      events.emit(new ServerEvent.IdBaseRaised(adoption.base()));
    }
    return adoption;
  }
}
