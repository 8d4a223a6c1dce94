package trunkline.testing;

import java.util.List;

/// Requests whose end two readers could see in different places, each with the status that refuses
/// it. What a test sends behind one must not be read as a request.
public final class FramingFaults {
  private static final String LINE = "POST /mcp HTTP/1.1\r\n";
  private static final String REST =
      """
      Host: localhost\r
      Content-Type: application/json\r
      Accept: application/json, text/event-stream\r
      """;

  private static final String CALL = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}";

  /// A call in one chunk.
  private static final String CHUNKED = "28\r\n" + CALL + "\r\n0\r\n\r\n";

  private FramingFaults() {}

  public record Case(String name, int status, String request) {
    @Override
    public String toString() {
      return status + " " + name;
    }
  }

  public static final List<Case> ALL =
      List.of(
          framed("length and chunks", "Content-Length: 5\r\nTransfer-Encoding: chunked", CHUNKED),
          framed("chunks and length", "Transfer-Encoding: chunked\r\nContent-Length: 5", CHUNKED),
          framed("length 0 and chunks", "Content-Length: 0\r\nTransfer-Encoding: chunked", CHUNKED),
          framed("two lengths", "Content-Length: 40\r\nContent-Length: 0", CALL),
          framed("a length twice", "Content-Length: 40\r\nContent-Length: 40", CALL),
          framed("two lengths in one line", "Content-Length: 40, 40", CALL),
          framed("a length with a sign", "Content-Length: +40", CALL),
          framed("a negative length", "Content-Length: -40", CALL),
          framed("a length in hexadecimal", "Content-Length: 0x28", CALL),
          framed("a length with more behind", "Content-Length: 40 0", CALL),
          framed("a length of nothing", "Content-Length:", CALL),
          framed("a length beyond all numbers", "Content-Length: 99999999999999999999", CALL),
          framed("chunked, identity", "Transfer-Encoding: chunked, identity", CHUNKED),
          framed("identity", "Transfer-Encoding: identity", CHUNKED),
          framed("gzip", "Transfer-Encoding: gzip", CHUNKED),
          framed("gzip, chunked", "Transfer-Encoding: gzip, chunked", CHUNKED),
          framed("chunked twice", "Transfer-Encoding: chunked, chunked", CHUNKED),
          framed(
              "chunked in two lines",
              "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
              CHUNKED),
          framed(
              "chunked, then another line",
              "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
              CHUNKED),
          framed("an unknown coding", "Transfer-Encoding: xchunked", CHUNKED),
          framed("no coding", "Transfer-Encoding:", CHUNKED),
          framed("another spelling", "Transfer-Encoding: Chunked", CHUNKED),
          framed("a quoted coding", "Transfer-Encoding: \"chunked\"", CHUNKED),
          framed("a vertical tab", "Transfer-Encoding:\u000bchunked", CHUNKED),
          framed("a space before the colon", "Transfer-Encoding : chunked", CHUNKED),
          framed("a tab before the colon", "Content-Length\t: 40", CALL),
          framed("a space before the name", "X: y\r\n Content-Length: 40", CALL),
          framed("a folded line", "Transfer-Encoding:\r\n chunked", CHUNKED),
          framed("a folded line of another", "X: y\r\n z\r\nContent-Length: 40", CALL),
          framed("a line without colon", "Content-Length 40", CALL),
          framed("a name of nothing", ": 40", CALL),
          framed("a line feed alone", "X: y\nContent-Length: 40", CALL),
          framed("a line feed before a proper end", "X: y\nTransfer-Encoding: chunked", CHUNKED),
          framed("a carriage return alone", "X: y\rContent-Length: 40", CALL),
          framed("a zero byte", "X: y\0\r\nContent-Length: 40", CALL),
          new Case("line feeds only", 400, (LINE + REST + "\r\n").replace("\r", "")),
          new Case("a line feed after the request line", 400, LINE.replace("\r", "") + REST),
          new Case(
              "HTTP/1.0 with chunks",
              426,
              LINE.replace("1.1", "1.0") + REST + "Transfer-Encoding: chunked\r\n\r\n" + CHUNKED),
          new Case(
              "HTTP/1.0 with a length",
              426,
              LINE.replace("1.1", "1.0") + REST + "Content-Length: 40\r\n\r\n" + CALL),
          new Case("HTTP/1.1 after a space", 400, LINE.replace(" HTTP", "  HTTP") + REST + "\r\n"),
          new Case("HTTP/0.9", 400, "GET /mcp\r\n"),
          new Case("HTTP/2", 400, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
          new Case("an empty line first", 400, "\r\n" + LINE + REST + "\r\n"),
          chunked("no size", "\r\n"),
          chunked("a negative size", "-28\r\n" + CALL + "\r\n0\r\n\r\n"),
          chunked("a size with a sign", "+28\r\n" + CALL + "\r\n0\r\n\r\n"),
          chunked("a size after 0x", "0x28\r\n" + CALL + "\r\n0\r\n\r\n"),
          chunked("a size after a space", " 28\r\n" + CALL + "\r\n0\r\n\r\n"),
          chunked("a size before a space", "28 \r\n" + CALL + "\r\n0\r\n\r\n"),
          chunked("a size beyond 31 bits", "ffffffd9\r\n" + CALL + "\r\n0\r\n\r\n"),
          chunked("a size beyond 32 bits", "100000028\r\n" + CALL + "\r\n0\r\n\r\n"),
          chunked("a size beyond 64 bits", "1" + "0".repeat(16) + "28\r\n" + CALL),
          chunked("a size of many digits", "0".repeat(300) + "28\r\n" + CALL + "\r\n0\r\n\r\n"),
          chunked("a size that is none", "zz\r\n" + CALL + "\r\n0\r\n\r\n"),
          chunked("a size ended by a line feed", "28\n" + CALL + "\r\n0\r\n\r\n"),
          chunked("an extension", "28;a=b\r\n" + CALL + "\r\n0\r\n\r\n"),
          chunked("an extension with a line feed", "28;a\nb\r\n" + CALL + "\r\n0\r\n\r\n"),
          chunked("garbage after a chunk", "28\r\n" + CALL + "XX0\r\n\r\n"),
          chunked("more than the chunk says", "27\r\n" + CALL + "\r\n0\r\n\r\n"),
          chunked("a line feed after a chunk", "28\r\n" + CALL + "\n0\r\n\r\n"),
          chunked("a trailer", "28\r\n" + CALL + "\r\n0\r\nX: y\r\n\r\n"),
          chunked("a trailer with a length", "28\r\n" + CALL + "\r\n0\r\nContent-Length: 9\r\n"),
          chunked("a last chunk without its end", "28\r\n" + CALL + "\r\n0\r\n"),
          new Case(
              "a size beyond all bounds",
              413,
              LINE + REST + "Transfer-Encoding: chunked\r\n\r\n7fffffff\r\n"));

  private static Case framed(String name, String headers, String body) {
    return new Case(name, 400, LINE + REST + headers + "\r\n\r\n" + body);
  }

  private static Case chunked(String name, String body) {
    return framed("chunks: " + name, "Transfer-Encoding: chunked", body);
  }
}
