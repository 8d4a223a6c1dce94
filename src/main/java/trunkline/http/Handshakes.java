package trunkline.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import trunkline.jsonrpc.ErrorCode;
import trunkline.telemetry.ServerEvent;
import trunkline.tls.HandshakeBound;

/// The connections whose TLS handshake is not done yet, each within the time of a request's head.
final class Handshakes implements HandshakeBound {
  private final Ticker wheel;
  private final Duration max;
  private final HttpWiring wiring;
  private final Set<Running> running = ConcurrentHashMap.newKeySet();

  Handshakes(Ticker wheel, HttpPolicy policy, HttpWiring wiring) {
    this.wheel = wheel;
    this.max = policy.arrivalTimeout();
    this.wiring = wiring;
  }

  @Override
  public Pending begin() {
    var begun = new Running();
    running.add(begun);
    wheel.add(begun.deadline);
    begun.deadline.arm(max);
    return begun;
  }

  @Override
  public byte[] plainAnswer() {
    var body = HttpProblem.body(ErrorCode.SESSION_REFUSED, "this port speaks TLS: use https://");
    var head =
        """
        HTTP/1.1 400 Bad Request\r
        Connection: close\r
        Content-Type: application/json\r
        Content-Length: %d\r
        %s: %d\r
        \r
        """
            .formatted(
                body.length, RootHandler.INSTANCE.defaultCase(), wiring.instance().get().value());
    var answer = new ByteArrayOutputStream();
    answer.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
    answer.writeBytes(body);
    return answer.toByteArray();
  }

  /// Those whose client has said something.
  int count() {
    return (int) running.stream().filter(each -> each.heard).count();
  }

  /// Closes those whose client has said nothing.
  void closeSilent() {
    running.stream().filter(each -> !each.heard).forEach(Running::interrupt);
  }

  void closeAll() {
    running.forEach(Running::interrupt);
  }

  private final class Running implements Pending {
    private final Thread thread = Thread.currentThread();
    private final SocketDeadline deadline = new SocketDeadline(() -> {});
    private volatile boolean heard;

    @Override
    public void heard() {
      heard = true;
    }

    /// On a virtual thread that closes its socket.
    void interrupt() {
      thread.interrupt();
    }

    @Override
    public void end(Outcome outcome) {
      running.remove(this);
      wheel.remove(deadline);
      var late = deadline.disarm();
      if (late) {
        failed("late");
        return;
      }
      switch (outcome) {
        case DONE, SILENT -> {}
        case PLAIN -> failed("plain");
        case FAILED -> failed("failed");
      }
    }

    private void failed(String reason) {
      wiring.events().emit(new ServerEvent.HandshakeFailed(reason));
    }
  }
}
