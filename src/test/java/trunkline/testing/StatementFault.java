package trunkline.testing;

import java.time.Duration;

/// What happens to one execution of a statement on its way through a [StatementProxy].
public sealed interface StatementFault {

  /// The server does it, nobody hears that it did: the answer is swallowed and the connection
  /// closed.
  record AnswerLost() implements StatementFault {}

  /// The server hears of it this much later.
  record Stalled(Duration time) implements StatementFault {}

  /// The server does it at once and is heard this much later.
  record AnswerHeld(Duration time) implements StatementFault {}

  /// The server never hears of it, and the client is told this SQLSTATE. A state of class 57P ends
  /// the connection, as it does in a server.
  record Refused(String sqlState) implements StatementFault {
    boolean isFatal() {
      return sqlState.startsWith("57P");
    }
  }
}
