package trunkline.stream;

import java.util.List;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;

/// What a committed batch did.
///
/// @param outcomes one for each message, in the order they were given
/// @param holders who has the sockets of the streams that were written
/// @param slot the slot that is being written
record BatchAnswer(List<Published> outcomes, List<HeldBy> holders, int slot) {

  /// The holder of a stream at the moment of the write.
  record HeldBy(StreamId stream, InstanceId instance, long epoch) {}
}
