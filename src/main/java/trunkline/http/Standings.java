package trunkline.http;

import java.time.Duration;
import trunkline.access.Authenticator.Standing;

/// The open streams, and what let their clients in: asked again twice a second, from memory. Where
/// that is over, whatever kind it was, the stream ends, and its client's next request is refused.
///
/// On a thread of its own, since an answer may cost a look at a file.
final class Standings implements AutoCloseable {
  /// Together with the second in which a revocation is heard of, a stream ends within two.
  static final Duration TICK = Duration.ofMillis(500);

  private final Ticker ticker;
  private final Runnable onDismissal;

  /// Who has to go when it is told so. Told again until it has gone; must not block.
  @FunctionalInterface
  interface Guest {
    void dismiss();
  }

  /// Until the stream has ended.
  interface Watch extends AutoCloseable {
    @Override
    void close();
  }

  private Standings(Ticker ticker, Runnable onDismissal) {
    this.ticker = ticker;
    this.onDismissal = onDismissal;
  }

  /// @param onDismissal told of each stream that was ended
  static Standings start(Runnable onDismissal) {
    return new Standings(Ticker.start("trunkline-standings", TICK), onDismissal);
  }

  Watch watch(Standing standing, Guest guest) {
    if (standing.equals(Standing.LASTING)) {
      return () -> {};
    }
    Ticker.Ticked check =
        _ -> {
          if (!standing.holds()) {
            guest.dismiss();
          }
        };
    ticker.add(check);
    return () -> ticker.remove(check);
  }

  void dismissed() {
    onDismissal.run();
  }

  @Override
  public void close() {
    ticker.close();
  }
}
