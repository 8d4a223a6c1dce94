package trunkline.bench;

/// One line of the table: what is measured, against what, and how good it should be.
interface Row {
  /// The word by which `--only` names it.
  String word();

  /// What is measured, in a few words.
  String title();

  /// What the floor is; empty when the figure stands alone.
  String floor();

  /// The unit of both figures.
  String unit();

  Target target();

  /// How often it is worth to be played.
  default int roundsMax() {
    return Integer.MAX_VALUE;
  }

  /// Starts what it takes, and warms it up.
  Trial prepare(Stage stage) throws Exception;

  /// What is played in rounds.
  @FunctionalInterface
  interface Trial extends AutoCloseable {
    Round round() throws Exception;

    @Override
    default void close() {}
  }
}
