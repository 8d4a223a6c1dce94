package trunkline.scenario;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Connections that each do the same again and again, all of which is allowed.
///
/// @param few how many there are in a mix of all crowds that takes seconds
/// @param many how many when it is alone
record Crowd(String name, int few, int many, Attack attack) {
  private static final int BODY_BYTES = 4_000_000;
  private static final int TIME_OUT_MILLIS = 20_000;
  private static final Pattern SESSION = Pattern.compile("(?im)^mcp-session-id: (\\S+)");

  private static final String HEAD =
      """
      %s /mcp HTTP/1.1\r
      Host: localhost\r
      Content-Type: application/json\r
      Accept: application/json, text/event-stream\r
      %s\r
      \r
      """;

  private static final String OF_SESSION =
      "Mcp-Session-Id: %s\r\nMCP-Protocol-Version: 2025-11-25\r\n";

  private static final String CALL =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"bulk\",\"arguments\":%s}}";

  private static final byte[] FILLED =
      ascii(CALL.formatted("{\"x\":\"" + "x".repeat(BODY_BYTES) + "\"}"));
  private static final byte[] WIDE = ascii("[" + "{},".repeat(BODY_BYTES / 3) + "{}]");
  private static final byte[] DEEP = ascii("[".repeat(BODY_BYTES));
  private static final byte[] BATCH =
      ascii("[" + "{\"jsonrpc\":\"2.0\",\"method\":\"ping\"},".repeat(100_000) + "1]");
  private static final byte[] RESULT = bulk(3_000, 0);
  private static final byte[] STREAM = bulk(1_000, 3);
  private static final byte[] INITIALIZE =
      ascii(
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{\"name\":\"crowd\",\"version\":\"1\"}}}");

  static final List<Crowd> ALL =
      List.of(
          new Crowd("bodies", 30, 1_000, whole(FILLED)),
          new Crowd("slow bodies", 40, 1_000, Crowd::slow),
          new Crowd("chunks", 30, 1_000, Crowd::chunk),
          new Crowd("wide", 10, 200, whole(WIDE)),
          new Crowd("deep", 10, 200, whole(DEEP)),
          new Crowd("batches of 100,000", 10, 200, whole(BATCH)),
          new Crowd("results", 40, 1_000, whole(RESULT)),
          new Crowd("unread results", 40, 1_000, unread(RESULT)),
          new Crowd("unread streams", 40, 1_000, unread(STREAM)),
          new Crowd("sessions", 10, 50, Crowd::session),
          new Crowd("open streams", 50, 2_000, Crowd::stream),
          new Crowd("silent connections", 50, 3_000, Crowd::silence));

  /// What one connection does.
  @FunctionalInterface
  interface Attack {
    void run(Socket socket, Target target) throws IOException, InterruptedException;
  }

  /// The attacked.
  ///
  /// @param session of the attackers
  /// @param over opened at the end
  record Target(URI instance, String session, CountDownLatch over) {
    boolean isOver() {
      return over.getCount() == 0;
    }

    /// How fast the crowd goes: part of the workload, and no wait for its outcome.
    void pace(Duration time) throws InterruptedException {
      var _ = over.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /// Until it is over.
  void repeat(Target target) {
    try {
      while (!target.isOver()) {
        try (var socket = new Socket(target.instance().getHost(), target.instance().getPort())) {
          socket.setSoTimeout(TIME_OUT_MILLIS);
          attack.run(socket, target);
        } catch (IOException _) {
          // refused or cut off
        }
        target.pace(Duration.ofMillis(ThreadLocalRandom.current().nextInt(500)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Attack whole(byte[] body) {
    return (socket, target) -> {
      post(socket, target, body);
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    };
  }

  private static Attack unread(byte[] body) {
    return (socket, target) -> {
      post(socket, target, body);
      target.pace(Duration.ofSeconds(8));
    };
  }

  private static void chunk(Socket socket, Target target) throws IOException {
    var out = socket.getOutputStream();
    out.write(head("POST", target.session(), "Transfer-Encoding: chunked\r\nConnection: close"));
    out.write(ascii(Integer.toHexString(FILLED.length) + "\r\n"));
    out.write(FILLED);
    out.write(ascii("\r\n0\r\n\r\n"));
    socket.getInputStream().transferTo(OutputStream.nullOutputStream());
  }

  private static void slow(Socket socket, Target target) throws IOException, InterruptedException {
    var out = socket.getOutputStream();
    out.write(head("POST", target.session(), "Content-Length: " + FILLED.length));
    out.write(FILLED, 0, BODY_BYTES / 2);
    for (var i = BODY_BYTES / 2; i < FILLED.length && !target.isOver(); i++) {
      out.write(FILLED[i]);
      target.pace(Duration.ofMillis(20));
    }
  }

  private static void session(Socket socket, Target target) throws IOException {
    while (!target.isOver() && opened(socket) != null) {
      // and another one
    }
  }

  private static void stream(Socket socket, Target target)
      throws IOException, InterruptedException {
    var session = opened(socket);
    if (session != null) {
      socket.getOutputStream().write(head("GET", session, "X: y"));
      while (!target.isOver() && socket.getInputStream().read() >= 0) {
        // a keep-alive now and then
      }
    }
  }

  private static void silence(Socket socket, Target target) throws IOException {
    while (!target.isOver() && socket.getInputStream().read() >= 0) {
      // nothing comes
    }
  }

  /// Opens a session on a connection that is kept; null when it was refused.
  private static @Nullable String opened(Socket socket) throws IOException {
    var out = socket.getOutputStream();
    out.write(ascii(HEAD.formatted("POST", "Content-Length: " + INITIALIZE.length)));
    out.write(INITIALIZE);
    var answer = new ByteArrayOutputStream();
    var in = socket.getInputStream();
    while (!answer.toString(StandardCharsets.US_ASCII).contains("\r\n\r\n")) {
      var some = new byte[8_192];
      var read = in.read(some);
      if (read < 0) {
        return null;
      }
      answer.write(some, 0, read);
    }
    var session = SESSION.matcher(answer.toString(StandardCharsets.US_ASCII));
    return session.find() ? session.group(1) : null;
  }

  private static void post(Socket socket, Target target, byte[] body) throws IOException {
    var out = socket.getOutputStream();
    out.write(
        head("POST", target.session(), "Content-Length: " + body.length + "\r\nConnection: close"));
    out.write(body);
  }

  private static byte[] head(String method, String session, String more) {
    return ascii(HEAD.formatted(method, OF_SESSION.formatted(session) + more));
  }

  private static byte[] bulk(int kilobytes, int words) {
    return ascii(CALL.formatted("{\"kilobytes\":%d,\"words\":%d}".formatted(kilobytes, words)));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
