package trunkline.doctor;

import java.util.List;

/// One question about the database or the cluster.
///
/// @param name as findings have it
/// @param needsSchema whether it makes no sense before the migrations have run
/// @param look answers it: one finding or more, also when all is well
record Check(String name, boolean needsSchema, Look look) {

  @FunctionalInterface
  interface Look {
    List<Finding> at(Patient patient);
  }
}
