package trunkline.feature;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;

/// What a caller's credentials let it do: the scopes that they name (RFC 6749, section 3.3), or
/// everything, for the one user of a server over the standard streams.
///
/// @param everything whether it may do whatever is asked for
/// @param names in no order; empty for credentials without scopes
public record Scopes(boolean everything, Set<String> names) {
  public static final Scopes NONE = new Scopes(false, Set.of());
  public static final Scopes EVERYTHING = new Scopes(true, Set.of());

  public Scopes {
    names = Set.copyOf(names);
  }

  public static Scopes of(Collection<String> names) {
    return new Scopes(false, Set.copyOf(names));
  }

  /// Those that are spelled as in a token.
  ///
  /// @param spelled names with blanks between them
  public static Scopes parse(String spelled) {
    var names = new LinkedHashSet<String>();
    for (var name : spelled.split(" ", -1)) {
      if (!name.isEmpty()) {
        names.add(name);
      }
    }
    return of(names);
  }

  /// Those of the needed that it has not, in their alphabet's order.
  public Set<String> missing(Collection<String> needed) {
    var missing = new TreeSet<String>();
    if (!everything) {
      missing.addAll(needed);
      missing.removeAll(names);
    }
    return missing;
  }

  public boolean hold(Collection<String> needed) {
    return everything || names.containsAll(needed);
  }
}
