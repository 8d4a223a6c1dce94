package trunkline.cluster;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A walk through a table in the order of its key, a page with each step, for what no index leads
/// to without ending HOT updates. So a step costs the same among ten rows and among millions; at
/// the end it begins anew.
///
/// It knows no more than its place, which is this instance's own and begins with it: whoever looks
/// after the rows next begins at the start.
public final class Walk {
  private final int pageRows;
  private long after;
  private boolean whole;
  private Object mark = "the beginning";
  private @Nullable Object begun;
  private @Nullable Object covered;

  /// The table's pages.
  @FunctionalInterface
  public interface Pages {
    /// The key of the last of so many rows after this one; empty when there are fewer.
    Optional<Long> end(long after, int rows);
  }

  /// What is done with a page: the rows after one key and up to another.
  @FunctionalInterface
  public interface Look {
    /// Looks at the rows of the page.
    ///
    /// @return whether the same page is to be looked at again
    boolean at(long after, long through);
  }

  public Walk(int pageRows) {
    this.pageRows = pageRows;
  }

  /// Looks at the next page.
  public synchronized void step(Pages pages, Look look) {
    var end = pages.end(after, pageRows);
    if (after == 0 && begun == null) {
      begun = mark;
    }
    if (look.at(after, end.orElse(Long.MAX_VALUE))) {
      whole = false;
      return;
    }
    after = end.orElse(0L);
    whole = end.isEmpty();
    if (whole) {
      covered = begun;
      begun = null;
    }
  }

  /// Whether the latest step was the last one of a pass.
  public synchronized boolean isWhole() {
    return whole;
  }

  /// There may be something on every page since this happened: until a whole pass has begun and
  /// ended since, no step waits for another round.
  public synchronized void hurry(Object happened) {
    mark = happened;
  }

  /// Whether the next step should come at once; so does the first pass.
  public synchronized boolean isHurried() {
    return !Objects.equals(mark, covered);
  }
}
