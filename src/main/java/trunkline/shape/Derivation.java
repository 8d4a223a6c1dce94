package trunkline.shape;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads Java types. Whatever has no shape is refused by the record and the component that has it.
final class Derivation {
  private static final int DEPTH_MAX = 64;

  private final Set<String> open = new LinkedHashSet<>();

  /// The shape of a type where it is used, with the annotations that stand there.
  Shape part(Use use) {
    var marks = new Marks(use.annotations());
    if (marks.isNullable()) {
      throw new IllegalArgumentException(
          "what is in a list, map or array can't be @Nullable; leave it out instead");
    }
    return limited(of(use), marks.limits());
  }

  static Shape limited(Shape shape, List<Limit> limits) {
    for (var limit : limits) {
      shape = shape.limited(limit);
    }
    return shape;
  }

  /// Without the annotations that stand there.
  Shape of(Use use) {
    var type = use.raw();
    return simple(type)
        .or(() -> Spelling.find(type).map(Spelled::new))
        .or(() -> collection(use))
        .or(() -> declared(use))
        .orElseThrow(() -> unsupported(use));
  }

  private static Optional<Shape> simple(Class<?> type) {
    if (type == String.class) {
      return Optional.of(Text.ANY);
    }
    if (type == boolean.class || type == Boolean.class) {
      return Optional.of(new Flag());
    }
    if (Decimal.isOne(type)) {
      return Optional.of(new Decimal(type));
    }
    return WholeType.find(type).<Shape>map(Whole::new).or(() -> Tree.find(type));
  }

  private Optional<Shape> collection(Use use) {
    var type = use.raw();
    var arguments = use.arguments();
    if (type.isArray()) {
      var element = arguments.getFirst();
      return Optional.of(new Sequence(part(element), false, element.raw(), Extent.ANY));
    }
    if (type == List.class || type == Collection.class || type == Set.class) {
      if (arguments.isEmpty()) {
        throw new IllegalArgumentException("a " + type.getSimpleName() + " of what, is not said");
      }
      return Optional.of(
          new Sequence(part(arguments.getFirst()), type == Set.class, null, Extent.ANY));
    }
    if (type == Map.class && !arguments.isEmpty() && arguments.getFirst().raw() == String.class) {
      return Optional.of(new Dictionary(part(arguments.get(1)), Extent.ANY));
    }
    return Optional.empty();
  }

  private Optional<Shape> declared(Use use) {
    var type = use.raw();
    if (Wrapping.of(type) != Wrapping.NONE) {
      throw new IllegalArgumentException(
          type.getSimpleName() + " is for components of records; what is in a list is there");
    }
    if (type.isEnum()) {
      return Optional.of(Constants.of(type));
    }
    if (!type.isRecord() && !type.isSealed() && Jackson.value(type).isEmpty()) {
      return Optional.empty();
    }
    if (!open.add(use.name()) || open.size() > DEPTH_MAX) {
      throw new IllegalArgumentException(
          use.name() + " contains itself; give the schema as JSON text instead");
    }
    var typeMarks = Marks.of(type);
    typeMarks.limits(); // refuses what is not followed
    var shape =
        Jackson.value(type)
            .<Shape>map(value -> Jackson.converted(use, value, this::part))
            .orElseGet(() ->
                type.isRecord()
                    ? new Components(this).structure(use, typeMarks)
                    : alternatives(use));
    open.remove(use.name());
    return Optional.of(shape);
  }

  private Alternatives alternatives(Use use) {
    var kinds = Kinds.of(use);
    return kinds.alternatives(leaf -> {
      if (!leaf.raw().isRecord() || Jackson.value(leaf.raw()).isPresent()) {
        throw new IllegalArgumentException(
            leaf.name() + " is an alternative of " + use.name() + " and not a record");
      }
      return (Structure) of(leaf);
    });
  }

  private static IllegalArgumentException unsupported(Use use) {
    return new IllegalArgumentException(
        "no schema can be derived for " + use.name() + "; give it as JSON text instead");
  }
}
