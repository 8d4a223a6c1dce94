package trunkline.stream;

/// The outcome of a write to a stream.
public sealed interface Published {
  /// Committed under this id; 0 when there was only an end to write.
  record Stored(long eventId) implements Published {}

  /// Not written: the stream has ended, is gone, or belongs to a newer run of its call.
  record Refused() implements Published {}
}
