package trunkline.rate;

import java.util.Locale;

/// Whose calls are counted together.
enum RateScope {
  PRINCIPAL("rate-principal", "this principal"),
  TOOL("rate-tool", "this tool, by all who call it,"),
  PRINCIPAL_TOOL("rate-principal-tool", "this tool by this principal");

  private final String limit;
  private final String whose;

  RateScope(String limit, String whose) {
    this.limit = limit;
    this.whose = whose;
  }

  /// The name of the limit, which is that of its option.
  String limit() {
    return limit;
  }

  /// For people.
  String whose() {
    return whose;
  }

  /// As a row has it.
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static RateScope ofText(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
