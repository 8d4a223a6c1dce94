package trunkline.console;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A page of sessions, for the template.
///
/// @param older what to ask for the page after this one; empty when there is none
public record SessionSearch(Wanted wanted, Listing listing, String older) {
  /// What is asked for; an empty text asks for any.
  ///
  /// @param state `living`, `ended` or empty
  /// @param age a word of [Age], or empty
  /// @param before a key: only older ones; [Long#MAX_VALUE] begins with the newest
  public record Wanted(String principal, String client, String state, String age, long before) {
    /// Whether that is the age that is asked for.
    public boolean isOf(Age other) {
      return age.equals(other.word());
    }

    /// Whether the next ones are all asked for.
    boolean isAnybody() {
      return principal.isEmpty() && client.isEmpty() && state.isEmpty();
    }
  }

  /// A session.
  public record Listed(
      long key,
      String principal,
      String name,
      String version,
      String revision,
      @Nullable Instant createdAt,
      @Nullable Instant lastUsedAt,
      @Nullable Instant endedAt,
      @Nullable String endReason,
      @Nullable Integer listensOn,
      long streams,
      long calls,
      long questions) {}

  /// A page.
  ///
  /// @param older where the next page begins; empty when there is none
  /// @param looked how many were looked at
  public record Listing(List<Listed> sessions, Optional<Long> older, long looked) {}
}
