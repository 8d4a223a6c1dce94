package trunkline.feature;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// Who sees a feature, and which scopes it takes to use it. The same holds for whatever a client
/// does with the feature: list, call, read, get, complete, subscribe, listen, run as a task.
///
/// Whoever does not see it gets the answer of a feature that does not exist. Whoever sees it and
/// has not all of its scopes gets an error that names them all, before anything of it runs.
///
/// A condition is asked for every request that could see the feature, once for each feature of a
/// list, on any thread: it has to be quick, ask nobody, and say the same for the same principal.
/// One that throws says no. With several, all have to say yes.
public final class Access {
  /// Everybody's.
  public static final Access OPEN = new Access(Set.of(), List.of());

  /// RFC 6749, section 3.3: neither blanks nor what would end the header that names it.
  private static final Pattern SCOPE = Pattern.compile("[\\x21\\x23-\\x5B\\x5D-\\x7E]{1,256}");

  private final Set<String> scopes;
  private final List<Predicate<? super Principal>> conditions;

  private Access(Set<String> scopes, List<Predicate<? super Principal>> conditions) {
    this.scopes = scopes;
    this.conditions = conditions;
  }

  /// The same with these scopes needed besides.
  ///
  /// @throws IllegalArgumentException for what can be no scope
  public Access requiring(String... more) {
    var all = new TreeSet<>(scopes);
    for (var scope : more) {
      if (!SCOPE.matcher(scope).matches()) {
        throw new IllegalArgumentException("'" + scope + "' can be no scope, as orders:read can");
      }
      all.add(scope);
    }
    return new Access(Collections.unmodifiableSet(all), conditions);
  }

  /// The same for those only of whom this is true besides.
  public Access visibleTo(Predicate<? super Principal> condition) {
    var all = new ArrayList<>(conditions);
    all.add(condition);
    return new Access(scopes, List.copyOf(all));
  }

  /// All that it takes, in their alphabet's order.
  public Set<String> scopes() {
    return scopes;
  }

  /// Whether nobody is asked who it is to see it.
  public boolean isVisibleToAll() {
    return conditions.isEmpty();
  }

  /// Asks the conditions; what one of them throws is thrown.
  public boolean isVisibleTo(Principal principal) {
    return conditions.stream().allMatch(condition -> condition.test(principal));
  }

  /// Whether its credentials have all the scopes.
  public boolean allows(Principal principal) {
    return principal.scopes().hold(scopes);
  }
}
