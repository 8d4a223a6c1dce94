package trunkline.stream;

import org.jspecify.annotations.Nullable;
import trunkline.session.CallId;
import trunkline.session.StreamId;

/// One thing to write to a stream.
sealed interface StreamWrite {
  /// The writer's epoch of a standalone stream, where any instance may write.
  int ANYBODY = 0;

  StreamId stream();

  /// The run of the call that writes.
  int writerEpoch();

  /// The message's final UTF-8 bytes without CR or LF; null where there is no message.
  byte @Nullable [] payload();

  /// Whether the stream ends with it.
  boolean last();

  default int bytes() {
    var payload = payload();
    return payload == null ? 0 : payload.length;
  }

  /// A notification.
  @SuppressWarnings("ArrayRecordComponent")
  record Notice(StreamId stream, int writerEpoch, byte[] payload) implements StreamWrite {
    @Override
    public boolean last() {
      return false;
    }
  }

  /// A question to the client, stored together with its pending request.
  @SuppressWarnings("ArrayRecordComponent")
  record Ask(StreamId stream, int writerEpoch, byte[] payload, Question question)
      implements StreamWrite {
    @Override
    public boolean last() {
      return false;
    }
  }

  /// The response of a call, which it finishes.
  @SuppressWarnings("ArrayRecordComponent")
  record Answer(StreamId stream, int writerEpoch, byte[] payload, CallId call, boolean last)
      implements StreamWrite {}

  /// A call finishes without a response, as one does that was cancelled.
  record NoAnswer(StreamId stream, int writerEpoch, CallId call, boolean last)
      implements StreamWrite {
    @Override
    public byte @Nullable [] payload() {
      return null;
    }
  }

  /// The stream ends, whose calls are finished already.
  record End(StreamId stream, int writerEpoch) implements StreamWrite {
    @Override
    public byte @Nullable [] payload() {
      return null;
    }

    @Override
    public boolean last() {
      return true;
    }
  }
}
