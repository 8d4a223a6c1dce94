package trunkline.doctor;

import java.util.List;
import trunkline.cluster.DatabaseInspection;
import trunkline.cluster.DatabaseTrait;

/// What an instance looks at before it serves, by the same code.
final class Inspection {
  private Inspection() {}

  static List<Finding> traits(Patient patient) {
    return inspection(patient).traits().stream().map(Inspection::finding).toList();
  }

  static List<Finding> damages(Patient patient) {
    var damages = inspection(patient).damages();
    return damages.isEmpty()
        ? List.of(Finding.ok("rows", "none breaks a check, so sweeps set none aside for that"))
        : damages.stream().map(Inspection::finding).toList();
  }

  private static DatabaseInspection inspection(Patient patient) {
    return new DatabaseInspection(patient.database(), _ -> {});
  }

  private static Finding finding(DatabaseTrait trait) {
    var verdict =
        switch (trait.fitness()) {
          case FIT -> Verdict.OK;
          case DOUBTFUL -> Verdict.WARNING;
          case UNFIT -> Verdict.FAULT;
        };
    return new Finding(trait.name(), verdict, trait.found(), trait.remedy());
  }
}
