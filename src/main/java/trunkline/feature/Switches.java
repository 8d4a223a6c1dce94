package trunkline.feature;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/// The features that are off at one moment; all others are on. A principal may have switches of its
/// own, which count over the general ones. As a predicate it says what is on for everybody else.
///
/// @param off for everybody
/// @param own by the principals' names, as far as they were read: whether it is on
/// @param personal the kinds of which any principal has a switch of its own
public record Switches(Set<Key> off, Map<String, Map<Key, Boolean>> own, Set<FeatureKind> personal)
    implements Predicate<Feature> {
  /// The feature that a row names.
  public record Key(FeatureKind kind, String name) {
    static Key of(Feature feature) {
      return new Key(feature.kind(), feature.key());
    }
  }

  public static final Switches ALL_ON = new Switches(Set.of());

  public Switches {
    off = Set.copyOf(off);
    own = Map.copyOf(own);
    personal = Set.copyOf(personal);
  }

  public Switches(Set<Key> off) {
    this(off, Map.of(), Set.of());
  }

  /// Whether it is on for whoever has no switch of its own.
  public boolean isOn(Feature feature) {
    return off.isEmpty() || !off.contains(Key.of(feature));
  }

  public boolean isOnFor(String principal, Feature feature) {
    var mine = own.get(principal);
    var said = mine == null ? null : mine.get(Key.of(feature));
    return said == null ? isOn(feature) : said;
  }

  /// Whether it is off for this principal by a switch of its own.
  public boolean isWithheldFrom(String principal, Feature feature) {
    var mine = own.get(principal);
    return mine != null && Boolean.FALSE.equals(mine.get(Key.of(feature)));
  }

  /// The same with what was read of one principal later.
  public Switches with(String principal, Switches later) {
    var mine = later.own.get(principal);
    if (Objects.equals(mine, own.get(principal))
        && later.off.equals(off)
        && later.personal.equals(personal)) {
      return this; // as nearly always: there may be many principals
    }
    var all = new HashMap<>(own);
    if (mine == null) {
      all.remove(principal);
    } else {
      all.put(principal, mine);
    }
    return new Switches(later.off, all, later.personal);
  }

  @Override
  public boolean test(Feature feature) {
    return isOn(feature);
  }
}
