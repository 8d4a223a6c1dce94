package trunkline.shape;

import java.math.BigDecimal;

/// What an annotation demands of a value.
sealed interface Limit {
  /// The annotation, as its author wrote it.
  String source();

  /// What it may stand at.
  String use();

  /// One end of a range of numbers.
  record Bound(String source, BigDecimal value, boolean upper, boolean exclusive) implements Limit {
    @Override
    public String use() {
      return "numbers";
    }
  }

  /// Characters of a text, elements of a list, entries of a map.
  record Size(String source, int min, int max) implements Limit {
    public Size {
      if (min < 0 || max < min) {
        throw new IllegalArgumentException(
            source + " goes from " + min + " to " + max + ", which nothing fits");
      }
    }

    @Override
    public String use() {
      return "texts, lists and maps";
    }
  }

  /// A regular expression that is found in a text, and what to say when it is not.
  record Match(String source, String regex, String expected) implements Limit {
    @Override
    public String use() {
      return "texts";
    }
  }

  record Email(String source) implements Limit {
    @Override
    public String use() {
      return "texts";
    }
  }
}
