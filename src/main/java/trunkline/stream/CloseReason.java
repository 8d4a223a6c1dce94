package trunkline.stream;

import java.util.stream.Stream;

/// The reasons why a connection lets its stream go; kept in `streams.close_reason`, where SQL
/// clients and operators read them.
enum CloseReason {
  /// The stream is finished, and the client has all of it.
  ENDED("ended"),
  /// Another holder has claimed the stream.
  TAKEN_OVER("taken over"),
  CLIENT_LEFT("client left"),
  /// The client reads too slowly, or what it missed is no longer kept.
  SLOW("slow"),
  /// For a minute by then: the client tries elsewhere.
  DATABASE_AWAY("database away"),
  /// The instance closes its connections, or has left without them.
  DRAINED("drained"),
  /// The call let its connection go and works on.
  RELEASED("released"),
  /// Nobody follows it: a claim's answer was lost, or something failed on the way.
  ABANDONED("abandoned"),
  /// Its instance was declared dead.
  FENCED("fenced"),
  /// An operator wants the session to be on another instance.
  MIGRATED("migrated");

  private final String wire;

  CloseReason(String wire) {
    this.wire = wire;
  }

  String wire() {
    return wire;
  }

  static CloseReason of(String wire) {
    return Stream.of(values())
        .filter(reason -> reason.wire.equals(wire))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no close reason: " + wire));
  }
}
