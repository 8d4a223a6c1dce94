package trunkline.call;

import java.util.List;
import trunkline.session.CallId;
import trunkline.session.SessionId;
import trunkline.session.SessionKey;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;

/// A session and instances, whatever the tables are made of: what the contract of calls needs
/// beside the store.
interface CallBench extends AutoCloseable {
  CallStore store();

  SessionKey session();

  /// The session as its client names it.
  SessionId client();

  void endSession();

  /// An instance with a lease.
  InstanceId instance();

  void die(InstanceId instance);

  /// The request ids of a stream's calls, in their order.
  List<String> requestIds(StreamId stream);

  /// How many calls the session has.
  long calls();

  /// Every call is over.
  void finishAll();

  /// The one of the stream that was taken over.
  InstanceId lastWriter();

  long runs(CallId call);

  /// As a promoted standby that has not got the latest take-over of a stream: its writer is the
  /// former one, and ids go on above.
  void loseTakeOver(StreamId stream, InstanceId former);

  @Override
  void close();
}
