package trunkline.jsonrpc;

import java.math.BigDecimal;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.util.JsonGeneratorDelegate;

/// Numbers as JavaScript spells them: `5`, not `5.0`; `-0` keeps its sign. So a client that prints
/// what it has parsed gets our text, and a tool's text and its structured content say the same.
final class NumberSpelling extends JsonGeneratorDelegate {
  /// From here on JavaScript writes an exponent, and so do we.
  private static final int DIGITS_MAX = 21;

  private static final int FRACTION_DIGITS_MAX = 6;

  NumberSpelling(JsonGenerator delegate) {
    super(delegate);
  }

  @Override
  public JsonGenerator writeNumber(double value) {
    if (value == 0 && Math.copySign(1, value) < 0) {
      delegate.writeNumber("-0");
      return this;
    }
    return Double.isFinite(value) ? spell(BigDecimal.valueOf(value)) : super.writeNumber(value);
  }

  @Override
  public JsonGenerator writeNumber(float value) {
    return Float.isFinite(value)
        ? spell(new BigDecimal(Float.toString(value)))
        : super.writeNumber(value);
  }

  @Override
  public JsonGenerator writeNumber(BigDecimal value) {
    return spell(value);
  }

  private JsonGenerator spell(BigDecimal value) {
    delegate.writeNumber(literal(value));
    return this;
  }

  static String literal(BigDecimal value) {
    if (value.signum() == 0) {
      return "0";
    }
    var shortest = value.stripTrailingZeros();
    var exponent = (long) shortest.precision() - shortest.scale() - 1;
    if (exponent < DIGITS_MAX && exponent >= -FRACTION_DIGITS_MAX) {
      return shortest.toPlainString();
    }
    var digits = shortest.unscaledValue().abs().toString();
    return (shortest.signum() < 0 ? "-" : "")
        + digits.charAt(0)
        + (digits.length() > 1 ? "." + digits.substring(1) : "")
        + (exponent < 0 ? "e-" : "e+")
        + Math.abs(exponent);
  }
}
