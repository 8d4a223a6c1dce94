package trunkline.jsonrpc;

import tools.jackson.databind.node.DoubleNode;

/// A number that keeps how it was spelled, where its value alone does not tell: `1e3`, `-0`.
final class LiteralNumber extends DoubleNode {
  private static final long serialVersionUID = 1L;

  private final String literal;

  LiteralNumber(double value, String literal) {
    super(value);
    this.literal = literal;
  }

  String literal() {
    return literal;
  }

  /// As a number: how it is spelled makes no difference to anybody but [RequestId].
  @Override
  public boolean equals(Object other) {
    return super.equals(other);
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }
}
