package trunkline.stream;

/// The outcome of a client's GET.
public sealed interface Claim {
  /// The stream is ours; run the feed.
  record Granted(ClaimedStream claimed) implements Claim {}

  /// No such stream in this session.
  record Unknown() implements Claim {}

  /// The event id was never issued.
  record FromTheFuture() implements Claim {}

  /// Messages after the event id are gone, and a call cannot go on without them.
  record Gap() implements Claim {}

  /// The stream has ended and the client has all of it, or a newer GET of the client has the
  /// stream.
  record NothingLeft() implements Claim {}
}
