package trunkline.store;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/// Why there is no connection, once and plainly. The driver says it in its own sentence, in that of
/// a cause, or half in each; the pool says only that it waited.
public final class ConnectionReason {
  private static final int DEPTH_MAX = 12;

  private static final Pattern CLASS_NAME =
      Pattern.compile("\\b(?:[a-z]\\w*\\.)+[A-Z]\\w*(?:Exception|Error): ");

  /// Starting up or shutting down; all connections are taken.
  private static final Set<String> IN_A_MOMENT = Set.of("57P03", "53300");

  /// The driver has no type for the end of its own patience.
  private static final String TIMED_OUT = "timed out";

  private ConnectionReason() {}

  /// Whether the database is there, and may serve in a moment: slow, starting up or full.
  public static boolean isPassing(SQLException failure) {
    if (IN_A_MOMENT.contains(String.valueOf(failure.getSQLState()))) {
      return true;
    }
    @Nullable Throwable cause = failure;
    for (var depth = 0; cause != null && depth < DEPTH_MAX; depth++, cause = cause.getCause()) {
      if (cause instanceof SocketTimeoutException
          || String.valueOf(cause.getMessage()).contains(TIMED_OUT)) {
        return true;
      }
    }
    return false;
  }

  /// The reason, without the name of a class. It is never empty.
  public static String of(Throwable failure) {
    var plain = plain(failure);
    if (plain.isPresent()) {
      return plain.get();
    }
    var text = new StringBuilder();
    @Nullable Throwable cause = failure;
    for (var depth = 0; cause != null && depth < DEPTH_MAX; depth++, cause = cause.getCause()) {
      var said = sentence(cause);
      if (!said.isEmpty() && !text.toString().contains(said)) {
        text.append(text.isEmpty() ? "" : ": ").append(said);
      }
    }
    return text.isEmpty() ? failure.getClass().getSimpleName() : text.toString();
  }

  /// A cause that says all of it; the driver's sentence above it is "The connection attempt
  /// failed."
  private static Optional<String> plain(Throwable failure) {
    @Nullable Throwable cause = failure;
    for (var depth = 0; cause != null && depth < DEPTH_MAX; depth++, cause = cause.getCause()) {
      switch (cause) {
        case UnknownHostException e -> {
          return Optional.of("unknown host " + first(e, ":"));
        }
        case SocketTimeoutException _ -> {
          return Optional.of("no answer in time");
        }
        case NoRouteToHostException _ -> {
          return Optional.of("no route to the host");
        }
        default -> {}
      }
    }
    return Optional.empty();
  }

  private static String sentence(Throwable failure) {
    return switch (failure) {
      case SQLTransientConnectionException e when e.getCause() != null -> "";
      case PSQLException e when e.getServerErrorMessage() != null -> SqlFailures.sentence(e);
      case PSQLException e when e.getCause() instanceof ConnectException -> first(e, "\\. ");
      default -> cleaned(String.valueOf(failure.getMessage()));
    };
  }

  private static String first(Throwable failure, String end) {
    return String.valueOf(failure.getMessage()).split(end, 2)[0];
  }

  private static String cleaned(String message) {
    var text = message.lines().findFirst().orElse("").strip();
    return text.equals("null")
        ? ""
        : CLASS_NAME.matcher(text).replaceAll("").replaceAll("\\.$", "");
  }
}
