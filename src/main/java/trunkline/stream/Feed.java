package trunkline.stream;

/// The loop of a stream's connection thread: it writes to the outlet until the stream ends, the
/// client is gone ([ClientGone]) or another holder took the stream over. When it returns, the
/// response is complete.
///
/// The connection's virtual thread may be interrupted; a feed waits on futures and doorbells and
/// never runs JDBC itself.
@FunctionalInterface
public interface Feed {
  void run(Outlet outlet) throws InterruptedException;
}
