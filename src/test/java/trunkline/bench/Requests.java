package trunkline.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.List;

/// Requests as bytes, made once and sent often.
final class Requests {
  static final String REVISION = "2025-11-25";

  private Requests() {}

  /// A call of `echo` in the revision without sessions.
  static ByteBuffer statelessEcho() {
    return post(
        "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\nMcp-Name: echo\r\n",
        """
        {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo",\
        "arguments":{"text":"hello"},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",\
        "io.modelcontextprotocol/clientInfo":{"name":"bench","version":"1"},\
        "io.modelcontextprotocol/clientCapabilities":{}}}}\
        """);
  }

  static ByteBuffer initialize() {
    return initialize("{}");
  }

  static ByteBuffer initialize(String capabilities) {
    return post(
        "",
        """
        {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"%s",\
        "capabilities":%s,"clientInfo":{"name":"bench","version":"1"}}}\
        """
            .formatted(REVISION, capabilities));
  }

  static ByteBuffer initialized(String session) {
    return post(
        ofSession(session), "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
  }

  static ByteBuffer echo(String session) {
    return call(session, "echo", "{\"text\":\"hello\"}");
  }

  static ByteBuffer call(String session, String tool, String arguments) {
    return post(
        ofSession(session),
        """
        {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"%s","arguments":%s}}\
        """
            .formatted(tool, arguments));
  }

  /// A call of [BenchTools#FLOOD], over the session of the first.
  ///
  /// @param everyNanos 0: each when the one before is kept
  static ByteBuffer flood(
      List<String> sessions, int first, int messages, int bytes, long startNanos, long everyNanos) {
    return call(
        sessions.getFirst(),
        "flood",
        """
        {"sessions":["%s"],"first":%d,"messages":%d,"bytes":%d,"startNanos":%d,"everyNanos":%d}\
        """
            .formatted(
                String.join("\",\"", sessions), first, messages, bytes, startNanos, everyNanos));
  }

  /// The answer to what the server asked.
  ///
  /// @param id as it is in JSON
  static ByteBuffer accept(String session, String id) {
    return post(
        ofSession(session),
        "{\"jsonrpc\":\"2.0\",\"id\":"
            + id
            + ",\"result\":{\"action\":\"accept\",\"content\":{\"text\":\"yes\"}}}");
  }

  /// The same for a user who had enough.
  static ByteBuffer decline(String session, String id) {
    return post(
        ofSession(session),
        "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{\"action\":\"decline\"}}");
  }

  /// Goes on with a stream after an event.
  static ByteBuffer resume(String session, String eventId) {
    return bytes(
        "GET /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\nLast-Event-ID: "
            + eventId
            + "\r\n"
            + ofSession(session)
            + "\r\n");
  }

  /// Opens the session's own stream.
  static ByteBuffer stream(String session) {
    return bytes(
        "GET /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n"
            + ofSession(session)
            + "\r\n");
  }

  private static String ofSession(String session) {
    return "Mcp-Session-Id: " + session + "\r\nMCP-Protocol-Version: " + REVISION + "\r\n";
  }

  private static ByteBuffer post(String headers, String body) {
    return bytes(
        "POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            + "Accept: application/json, text/event-stream\r\n"
            + headers
            + "Content-Length: "
            + body.getBytes(UTF_8).length
            + "\r\n\r\n"
            + body);
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }
}
