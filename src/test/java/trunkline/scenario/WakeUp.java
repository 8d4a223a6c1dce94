package trunkline.scenario;

/// How the instances of a scenario learn of each other's news.
enum WakeUp {
  NOTIFY,
  POLLING;

  String pollOnly() {
    return this == POLLING ? "true" : "false";
  }
}
