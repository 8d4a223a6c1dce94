package trunkline.doctor;

/// One thing that was looked at.
///
/// @param check what was looked at
/// @param found how it is
/// @param remedy what to do: where possible, the statement or the command; empty when nothing is
public record Finding(String check, Verdict verdict, String found, String remedy) {
  static Finding ok(String check, String found) {
    return new Finding(check, Verdict.OK, found, "");
  }

  static Finding note(String check, String found, String remedy) {
    return new Finding(check, Verdict.NOTE, found, remedy);
  }

  static Finding warning(String check, String found, String remedy) {
    return new Finding(check, Verdict.WARNING, found, remedy);
  }

  static Finding fault(String check, String found, String remedy) {
    return new Finding(check, Verdict.FAULT, found, remedy);
  }

  /// A sentence of the product's: what was found; what to do.
  static Finding said(String check, Verdict verdict, String sentence) {
    var parts = sentence.split("; ", 2);
    return new Finding(check, verdict, parts[0], parts.length > 1 ? parts[1] : "");
  }
}
