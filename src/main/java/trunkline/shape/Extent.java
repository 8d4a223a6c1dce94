package trunkline.shape;

import tools.jackson.databind.node.ObjectNode;

/// How many characters, elements or entries there may be.
record Extent(int min, int max) {
  static final Extent ANY = new Extent(0, Integer.MAX_VALUE);

  Extent and(Limit.Size limit) {
    var narrower = new Extent(Math.max(min, limit.min()), Math.min(max, limit.max()));
    if (narrower.max < narrower.min) {
      throw new IllegalArgumentException(limit.source() + " contradicts another one");
    }
    return narrower;
  }

  boolean contains(int size) {
    return size >= min && size <= max;
  }

  /// @param noun of the keyword: `Length`, `Items`, `Properties`
  void describe(ObjectNode schema, String noun) {
    if (min > 0) {
      schema.put("min" + noun, min);
    }
    if (max < Integer.MAX_VALUE) {
      schema.put("max" + noun, max);
    }
  }

  /// As in "of 1 to 9 characters".
  String text(String things) {
    if (max == Integer.MAX_VALUE) {
      return min == 0 ? "" : " of at least " + min + " " + things;
    }
    return min == 0
        ? " of at most " + max + " " + things
        : " of " + (min == max ? min : min + " to " + max) + " " + things;
  }
}
