package trunkline.shape;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A range of numbers; an end that is null is open.
record Bounds(@Nullable End from, @Nullable End to) {
  static final Bounds NONE = new Bounds(null, null);

  record End(BigDecimal value, boolean exclusive) {}

  static Bounds between(BigDecimal min, BigDecimal max) {
    return new Bounds(new End(min, false), new End(max, false));
  }

  Bounds and(Limit.Bound limit) {
    var end = new End(limit.value(), limit.exclusive());
    var narrower =
        limit.upper()
            ? new Bounds(from, tighter(to, end, -1))
            : new Bounds(tighter(from, end, 1), to);
    if (narrower.isEmpty()) {
      throw new IllegalArgumentException(
          limit.source() + " leaves no number: expected one" + narrower.text());
    }
    return narrower;
  }

  private static End tighter(@Nullable End old, End end, int direction) {
    if (old == null) {
      return end;
    }
    var order = end.value.compareTo(old.value) * direction;
    return order > 0 || (order == 0 && end.exclusive) ? end : old;
  }

  private boolean isEmpty() {
    if (from == null || to == null) {
      return false;
    }
    var order = from.value.compareTo(to.value);
    return order > 0 || (order == 0 && (from.exclusive || to.exclusive));
  }

  boolean contain(BigDecimal value) {
    if (from != null && value.compareTo(from.value) < (from.exclusive ? 1 : 0)) {
      return false;
    }
    return to == null || value.compareTo(to.value) <= (to.exclusive ? -1 : 0);
  }

  void describe(ObjectNode schema) {
    if (from != null) {
      schema.set(from.exclusive ? "exclusiveMinimum" : "minimum", JsonNumber.node(from.value));
    }
    if (to != null) {
      schema.set(to.exclusive ? "exclusiveMaximum" : "maximum", JsonNumber.node(to.value));
    }
  }

  /// As in "an integer from 1 to 9".
  String text() {
    if (from != null && to != null && !from.exclusive && !to.exclusive) {
      return " from " + JsonNumber.text(from.value) + " to " + JsonNumber.text(to.value);
    }
    var text = "";
    if (from != null) {
      text += (from.exclusive ? " above " : " of at least ") + JsonNumber.text(from.value);
    }
    if (to != null) {
      text += (from == null ? "" : " and");
      text += (to.exclusive ? " below " : " of at most ") + JsonNumber.text(to.value);
    }
    return text;
  }
}
