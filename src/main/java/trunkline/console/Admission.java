package trunkline.console;

import trunkline.http.Pages.Visit;

/// Decides who looks, and who acts.
interface Admission {
  /// Whoever sits at this machine does both.
  Admission NEARBY =
      visit ->
          Visitors.refusal(visit)
              .<Admitted>map(Admitted.Refused::new)
              .orElseGet(() -> new Admitted.Visitor("", true));

  Admitted admit(Visit visit);

  /// What became of a visit.
  sealed interface Admitted {
    /// Who may look.
    ///
    /// @param name empty where nobody has one
    /// @param acts whether it may do more than look
    record Visitor(String name, boolean acts) implements Admitted {}

    record Refused(String why) implements Admitted {}

    /// It cannot be known now.
    record Unjudged(String why) implements Admitted {}

    /// It may say who it is.
    record Unknown() implements Admitted {}
  }
}
