package trunkline.feature;

import java.util.Set;

/// Which features are switched off at one moment; everything else is on.
public record Switches(Set<Key> off) {
  /// What a row of the database names.
  public record Key(FeatureKind kind, String name) {}

  public static final Switches ALL_ON = new Switches(Set.of());

  public Switches {
    off = Set.copyOf(off);
  }

  public boolean isOn(Feature feature) {
    return off.isEmpty() || !off.contains(new Key(feature.kind(), feature.key()));
  }
}
