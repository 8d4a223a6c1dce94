package trunkline.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// A start that nobody needs, for the JVM to learn from: an instance on a PostgreSQL of its own, a
/// client's first requests, an end in peace. Its classes, loaded and linked, and its profiles are
/// the AOT cache of later starts, which are ready after about 1.1 s instead of 2.95 s (2 cores,
/// five rounds; a given PostgreSQL, alone on the machine):
///
/// ```
/// java -XX:AOTCacheOutput=FILE -cp trunkline-cli.jar trunkline.cli.Rehearsal FOLDER
/// ```
///
/// Not learned from a real instance, whose end would take seconds longer and which is killed now
/// and then; nor from less than a whole start, since what has not run is not in it. Nothing of the
/// environment counts: it must not come near anybody's database.
public final class Rehearsal {
  private static final Pattern READY = Pattern.compile("Trunkline ready: (\\S+) .*");
  private static final Pattern SESSION = Pattern.compile("(?is).*\\bmcp-session-id: *(\\w+).*");
  private static final int CALLS = 100;
  private static final int PATIENCE_MS = 30_000;

  private static final String INITIALIZE =
      """
      {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},\
      "clientInfo":{"name":"rehearsal","version":"1"}}}\
      """;
  private static final String LIST =
      """
      {"jsonrpc":"2.0","id":2,"method":"tools/list"}\
      """;
  private static final String CALL =
      """
      {"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"calculate",\
      "arguments":{"expression":"6*7"}}}\
      """;

  private Rehearsal() {}

  /// Plays it.
  ///
  /// @param arguments the folder of its data, which may be removed afterwards
  public static void main(String[] arguments) throws IOException {
    var said = new PipedOutputStream();
    var lines = new BufferedReader(new InputStreamReader(new PipedInputStream(said), UTF_8));
    Thread.ofPlatform().daemon().start(() -> audience(lines));
    LogSetup.choose();
    var code =
        Main.run(
            List.of(
                "serve",
                "--data=" + arguments[0],
                "--port=0",
                "--drain-delay=0s",
                "--log-level=warn"),
            Map.of(),
            new PrintStream(said, true, UTF_8),
            System.err);
    System.exit(code); // it did not start; where it did, this waits for the end that has begun
  }

  private static void audience(BufferedReader lines) {
    try {
      var ready = READY.matcher(lines.readLine());
      if (ready.matches()) {
        talk(URI.create(ready.group(1)));
      }
      System.exit(0);
    } catch (IOException e) {
      System.err.println("the rehearsal failed: " + e);
      System.exit(1);
    }
  }

  private static void talk(URI server) throws IOException {
    var session = SESSION.matcher(post(server, "", INITIALIZE));
    var header = session.matches() ? "Mcp-Session-Id: " + session.group(1) + "\r\n" : "";
    var _ = post(server, header, LIST);
    for (var i = 0; i < CALLS; i++) {
      var _ = post(server, header, CALL);
    }
  }

  /// By hand, so that no client of HTTP is learned.
  private static String post(URI server, String header, String body) throws IOException {
    try (var socket = new Socket(server.getHost(), server.getPort())) {
      socket.setSoTimeout(PATIENCE_MS); // nobody would end one that hangs
      socket
          .getOutputStream()
          .write(
              ("POST %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
                      + "Accept: application/json, text/event-stream\r\n%sContent-Length: %d\r\n\r\n%s")
                  .formatted(server.getPath(), header, body.length(), body)
                  .getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }
}
