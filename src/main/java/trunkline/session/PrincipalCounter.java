package trunkline.session;

/// Counts something of each principal in this process, up to a limit. Without authentication every
/// client is the same principal, which has none.
public final class PrincipalCounter {
  private final KeyCounter<Principal> counts;

  public PrincipalCounter(int max) {
    this.counts = new KeyCounter<>(max);
  }

  public int max() {
    return counts.max();
  }

  /// Counts one more, unless the principal has as many as it may have.
  ///
  /// @return whether there was room; then [#remove] is owed
  public boolean add(Principal principal) {
    return principal.equals(Principal.ANONYMOUS) || counts.add(principal);
  }

  public void remove(Principal principal) {
    counts.remove(principal);
  }
}
