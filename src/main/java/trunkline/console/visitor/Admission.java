package trunkline.console.visitor;

import trunkline.http.Pages.Visit;

/// Decides who looks, and who acts.
public interface Admission {
  /// Whoever sits at this machine does both.
  Admission NEARBY =
      visit ->
          Visitors.refusal(visit)
              .<Admitted>map(Admitted.Refused::new)
              .orElseGet(() -> new Admitted.Visitor("", true, true));

  /// Judges.
  Admitted admit(Visit visit);

  /// What became of a visit.
  sealed interface Admitted {
    /// Who may look.
    ///
    /// @param name empty where nobody has one
    /// @param acts whether it may do more than look
    /// @param reads whether it may see what messages say
    record Visitor(String name, boolean acts, boolean reads) implements Admitted {
      /// The same, who reads nothing.
      public Visitor withoutReading() {
        return new Visitor(name, acts, false);
      }
    }

    /// It may not, whoever it is.
    record Refused(String why) implements Admitted {}

    /// It cannot be known now.
    record Unjudged(String why) implements Admitted {}

    /// It may say who it is.
    record Unknown() implements Admitted {}
  }
}
