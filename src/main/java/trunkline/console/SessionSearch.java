package trunkline.console;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A page of sessions, for the template.
///
/// @param older what to ask for the page after this one; empty when there is none
public record SessionSearch(Wanted wanted, Listing listing, String older) {
  /// What is asked for; an empty text asks for any.
  ///
  /// @param before a key: only older ones; [Long#MAX_VALUE] begins with the newest
  public record Wanted(
      String principal, String client, Optional<State> state, Optional<Age> age, long before) {
    /// Whether the next ones are all asked for.
    boolean isAnybody() {
      return principal.isEmpty() && client.isEmpty() && state.isEmpty();
    }
  }

  /// Whether a session goes on.
  public enum State {
    LIVING,
    ENDED;

    /// As it is asked for.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// How long ago something began, at least.
  public enum Age {
    HOUR("an hour or more", Duration.ofHours(1)),
    DAY("a day or more", Duration.ofDays(1)),
    WEEK("a week or more", Duration.ofDays(7));

    private final String title;
    private final Duration least;

    Age(String title, Duration least) {
      this.title = title;
      this.least = least;
    }

    /// As it is asked for.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    public String title() {
      return title;
    }

    long seconds() {
      return least.toSeconds();
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
