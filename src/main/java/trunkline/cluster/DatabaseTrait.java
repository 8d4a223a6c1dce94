package trunkline.cluster;

/// One thing about the database that Trunkline's promises rest on, and how it is.
///
/// @param name what was looked at
/// @param found how it is, as a clause
/// @param remedy what to do about it; empty when nothing has to be done
public record DatabaseTrait(String name, Fitness fitness, String found, String remedy) {
  /// What follows from it.
  public enum Fitness {
    FIT,
    /// An instance starts and warns: something will be slow.
    DOUBTFUL,
    /// An instance does not start: a promise would be broken.
    UNFIT
  }

  /// A sentence of the product's: what was found; what to do.
  static DatabaseTrait said(String name, Fitness fitness, String sentence) {
    var parts = sentence.split("; ", 2);
    return new DatabaseTrait(name, fitness, parts[0], parts.length > 1 ? parts[1] : "");
  }

  static DatabaseTrait fit(String name, String found) {
    return new DatabaseTrait(name, Fitness.FIT, found, "");
  }

  static DatabaseTrait doubtful(String name, String found, String remedy) {
    return new DatabaseTrait(name, Fitness.DOUBTFUL, found, remedy);
  }

  static DatabaseTrait unfit(String name, String found, String remedy) {
    return new DatabaseTrait(name, Fitness.UNFIT, found, remedy);
  }

  /// What was found and what to do.
  String sentence() {
    return remedy.isEmpty() ? found : found + "; " + remedy;
  }
}
