package trunkline.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import trunkline.access.Authenticator;
import trunkline.telemetry.ServerEvent;
import trunkline.telemetry.ServerEvent.HandshakeFailed;
import trunkline.testing.TestAuthority;
import trunkline.tls.TlsSettings;

/// Goal: over TLS every bound of a connection holds as without, its handshake has one too, and
/// whoever is slow at it holds up nobody.
@Timeout(60)
class TlsConnectionsTest {
  private static final Duration MOMENT = Duration.ofMillis(50);

  /// A handshake of a busy machine takes its part of a second.
  private static final Duration ARRIVAL = Duration.ofMillis(1500);

  /// With the goodbye, and what tells silence from a late byte.
  private static final Duration CUT_MAX = ARRIVAL.plusSeconds(2 + 3);

  private static HttpFixture fixture;
  private static SSLContext tls;
  private static TlsSettings files;

  @BeforeAll
  static void start(@TempDir Path folder) {
    var authority = TestAuthority.create(folder);
    tls = authority.trusting();
    files =
        new TlsSettings(
            authority.serverCertificate(), authority.serverKey(), Optional.empty(), false);
    fixture = start(policy());
  }

  private static HttpFixture start(HttpPolicy policy) {
    return HttpFixture.start(
        new HttpSettings("127.0.0.1", 0, Set.of(), Set.of(), policy).over(files),
        Authenticator.ANONYMOUS);
  }

  private static HttpPolicy policy() {
    var fast = HttpFixture.FAST;
    return new HttpPolicy(
        fast.keepAlive(),
        fast.writeTimeout(),
        ARRIVAL,
        Duration.ofSeconds(3),
        fast.bodyBytesMax(),
        fast.streamsMax(),
        fast.stopGrace());
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  @BeforeEach
  void forget() {
    fixture.events().clear();
  }

  private static Socket tcp() throws IOException {
    return tcp(fixture);
  }

  private static Socket tcp(HttpFixture to) throws IOException {
    return RawHttp.connected(RawHttp.loopback(to.server().port()), 0);
  }

  private static SSLSocket over(Socket tcp) throws IOException {
    return (SSLSocket)
        tls.getSocketFactory().createSocket(tcp, "localhost", fixture.server().port(), true);
  }

  private static RawHttp connect() throws IOException {
    var socket = over(tcp());
    socket.startHandshake();
    return new RawHttp(socket);
  }

  private static void requireServed() throws IOException {
    requireServed(tcp());
  }

  private static void requireServed(Socket tcp) throws IOException {
    try (var socket = over(tcp);
        var client = new RawHttp(socket)) {
      assertThat(client.send(HttpFixture.call("echo")).read().status()).isEqualTo(200);
    }
  }

  /// The first message of a client: what TLS would send, by itself.
  private static byte[] clientHello() throws IOException {
    var engine = tls.createSSLEngine("localhost", 1);
    engine.setUseClientMode(true);
    var bytes = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.beginHandshake();
    engine.wrap(ByteBuffer.allocate(0), bytes);
    var hello = new byte[bytes.flip().remaining()];
    bytes.get(hello);
    return hello;
  }

  private static HandshakeFailed failed() throws InterruptedException {
    for (var event = next(); ; event = next()) {
      if (event instanceof HandshakeFailed failed) {
        return failed;
      }
    }
  }

  private static ServerEvent next() throws InterruptedException {
    var event = fixture.events().poll(20, TimeUnit.SECONDS);
    assertThat(event).as("an event").isNotNull();
    return event;
  }

  @Test
  void requests_are_served_one_after_the_other() throws IOException {
    try (var client = connect()) {
      for (var i = 0; i < 3; i++) {
        assertThat(client.send(HttpFixture.call("echo")).read().status()).isEqualTo(200);
      }
    }
  }

  @Test
  void http_1_1_is_agreed_upon_and_nothing_else() throws Exception {
    try (var socket = over(tcp())) {
      var parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
    }
    try (var socket = over(tcp())) {
      var parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(parameters);
      assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLHandshakeException.class);
    }
    // which is said after the client knows it; else another test would hear of it
    assertThat(failed()).isEqualTo(new HandshakeFailed("failed"));
  }

  @Test
  void http_without_tls_is_a_400_that_says_what_to_do() throws Exception {
    try (var client = fixture.connect()) {
      var answer = client.send(HttpFixture.call("echo")).read();

      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).contains("https://");
      assertThat(answer.headers())
          .containsEntry("content-type", "application/json")
          .containsEntry("trunkline-instance", "7");
      assertThat(client.finish().readToEnd()).isZero();
    }
    assertThat(failed()).isEqualTo(new HandshakeFailed("plain"));
  }

  @Test
  void what_is_no_tls_at_all_ends_its_connection() throws Exception {
    try (var client = fixture.connect()) {
      client.send(new byte[] {0, 1, 2, 3, 4, 5, 6, 7}).finish().readToEnd();
    }
    assertThat(failed()).isEqualTo(new HandshakeFailed("failed"));
  }

  @Test
  void a_client_that_says_nothing_is_closed_in_time_and_counts_as_nothing() throws Exception {
    var began = System.nanoTime();
    try (var client = fixture.connect()) {
      assertThat(client.readToEnd()).isZero();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(CUT_MAX);
    assertThat(failed()).isEqualTo(new HandshakeFailed("late"));

    try (var probe = fixture.connect()) {
      probe.finish().readToEnd(); // as a balancer that looks whether the port is open
    }
    requireServed();
    assertThat(fixture.events()).noneMatch(HandshakeFailed.class::isInstance);
  }

  @Test
  void half_a_hello_is_closed_in_time() throws Exception {
    var hello = clientHello();
    var half = new byte[hello.length / 2];
    System.arraycopy(hello, 0, half, 0, half.length);
    var began = System.nanoTime();
    try (var client = fixture.connect()) {
      client.send(half).readToEnd();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(CUT_MAX);
    assertThat(failed()).isEqualTo(new HandshakeFailed("late"));
  }

  @Test
  void a_hello_that_comes_drop_by_drop_is_closed_in_time() throws Exception {
    var began = System.nanoTime();
    try (var client = fixture.connect()) {
      client.send(new byte[] {22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xFC});
      while (client.drop("\0", MOMENT)) {
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(CUT_MAX);
      }
    }
    assertThat(failed()).isEqualTo(new HandshakeFailed("late"));
  }

  @Test
  void hundreds_that_stop_midway_hold_up_nobody() throws IOException {
    var policy = HttpPolicy.of(Duration.ofSeconds(10), HttpFixture.FAST.bodyBytesMax());
    List<Socket> stopped = new ArrayList<>();
    try (var patient = start(policy)) {
      for (var i = 0; i < 300; i++) {
        var socket = tcp(patient);
        stopped.add(socket);
        socket.getOutputStream().write(new byte[] {22, 3, 1});
      }

      requireServed(tcp(patient));
    } finally {
      for (var socket : stopped) {
        socket.close();
      }
    }
  }

  @Test
  void a_request_that_comes_drop_by_drop_is_a_408() throws IOException {
    var began = System.nanoTime();
    try (var client = connect()) {
      client.send("POST /mcp HTTP/1.1\r\nHost: localhost\r\n");
      while (client.drop("X: y\r\n", MOMENT)) {
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(CUT_MAX);
      }
      assertThat(client.read().status()).isEqualTo(408);
    }
  }

  @Test
  void a_request_that_stops_midway_ends_its_connection() throws Exception {
    var began = System.nanoTime();
    try (var client = connect()) {
      client.send("POST /mcp").readToEnd();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(CUT_MAX);
    assertThat(fixture.events()).contains(new ServerEvent.ConnectionCut(7));
  }

  /// By our own limit or, where a busy machine fills the buffers slowly, by that of TCP, which then
  /// fails a write that did not have to wait and so looks as if the client had left.
  @Test
  void a_client_that_stops_reading_is_closed_and_delays_nobody() throws Exception {
    try (var stuck = connectReadingSlowly()) {
      stuck.send(HttpFixture.call("flood")).readHead();

      requireServed();
      assertThat(fixture.gateway().ended.poll(20, TimeUnit.SECONDS)).isIn("SLOW", "LEFT");
    }
  }

  private static RawHttp connectReadingSlowly() throws IOException {
    var socket = over(RawHttp.connected(RawHttp.loopback(fixture.server().port()), 4096));
    socket.startHandshake();
    return new RawHttp(socket);
  }

  /// What TLS says for itself, here a new key each time, is no request.
  @Test
  void a_client_that_only_renews_its_keys_is_idle() throws Exception {
    try (var socket = over(tcp())) {
      socket.startHandshake();
      var began = System.nanoTime();
      assertThatThrownBy(() -> renewKeys(socket, began)).isInstanceOf(IOException.class);
    }
  }

  /// Until the connection ends, or longer than it may last.
  private static void renewKeys(SSLSocket socket, long began) throws IOException {
    socket.setSoTimeout((int) MOMENT.toMillis());
    while (Duration.ofNanos(System.nanoTime() - began).compareTo(CUT_MAX) < 0) {
      socket.startHandshake();
      try {
        if (socket.getInputStream().read() < 0) {
          throw new EOFException("closed");
        }
      } catch (SocketTimeoutException _) {
        // once more
      }
    }
  }

  @Test
  void a_goodbye_needs_no_answer() throws Exception {
    try (var tcp = tcp()) {
      var socket = over(tcp);
      socket.startHandshake();
      var _ = new RawHttp(socket).send(HttpFixture.call("echo", "Connection: close"));

      tcp.setSoTimeout((int) CUT_MAX.toMillis());
      var below = tcp.getInputStream(); // nobody reads the goodbye, so nobody answers it
      assertThat(below.readAllBytes()).isNotEmpty();
    }
  }

  @Test
  void two_lengths_are_a_400_and_the_end() throws IOException {
    try (var client = connect()) {
      client.send(
          "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}");
      assertThat(client.read().status()).isEqualTo(400);
      assertThat(client.finish().readToEnd()).isZero();
    }
  }
}
