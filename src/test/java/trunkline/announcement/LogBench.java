package trunkline.announcement;

/// A log, whatever it is made of, and who announces.
interface LogBench extends AutoCloseable {
  LogReader.Log log();

  /// Tells everybody.
  ///
  /// @return the id
  long announce(String text);

  /// The same two times under one key.
  long announceTwice(String text);

  @Override
  void close();
}
