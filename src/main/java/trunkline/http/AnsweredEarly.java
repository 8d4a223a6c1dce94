package trunkline.http;

import io.helidon.webserver.CloseConnectionException;

/// A request was answered before all of it was read, or without knowing where it ends: the
/// connection ends, but not before the client had a moment to read the answer.
final class AnsweredEarly extends CloseConnectionException {
  private static final long serialVersionUID = 1L;

  AnsweredEarly() {
    super("answered before the request's end");
  }
}
