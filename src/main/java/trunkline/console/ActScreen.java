package trunkline.console;

import java.util.List;
import java.util.Map;
import trunkline.console.visitor.Admission.Admitted.Visitor;
import trunkline.console.visitor.Forms;
import trunkline.console.visitor.ScopedAdmission;
import trunkline.http.Pages.Visit;
import trunkline.store.DatabaseBusy;
import trunkline.store.DatabaseFailure;
import trunkline.store.DatabaseUnavailable;

/// An act before it is done, with the statement that will do it, and after it.
final class ActScreen {
  private final ConsoleLine line;
  private final Forms forms;

  ActScreen(ConsoleLine line, Forms forms) {
    this.line = line;
    this.forms = forms;
  }

  Shown show(String word, Visit visit, Visitor visitor) throws InterruptedException {
    if (!visitor.acts()) {
      return new Shown.Refused("to act takes the scope " + ScopedAdmission.ACTS);
    }
    var found = Acts.find(word);
    if (found.isEmpty()) {
      return new Shown.Missing("there is no such act");
    }
    var act = found.get();
    if (!visit.method().equals("POST")) {
      return foreseen(act, act.given(visit.query()), visitor);
    }
    var given = act.given(visit.form());
    if (!forms.isOurs(visit, visitor.name())) {
      var fault = "this page is too old, or not ours; send it again";
      return asked(403, act, given, List.of(fault), visitor);
    }
    var faults = act.faults(given);
    return faults.isEmpty() ? done(act, given, visitor) : asked(400, act, given, faults, visitor);
  }

  private Shown done(Act act, Map<String, String> given, Visitor visitor)
      throws InterruptedException {
    try {
      var outcome = line.act(visitor.name(), sql -> act.run(sql, given));
      return Shown.filled(act.title(), "done.jte", new Done(act, given, outcome));
    } catch (DatabaseUnavailable e) {
      var fault = "it is not known whether it was done, look before you send it again: ";
      return asked(503, act, given, List.of(fault + e.getMessage()), visitor);
    } catch (DatabaseBusy e) {
      var fault = "somebody's lock was in the way, and nothing was done; send it again";
      return asked(503, act, given, List.of(fault), visitor);
    } catch (DatabaseFailure e) {
      return asked(400, act, given, List.of(String.valueOf(e.getMessage())), visitor);
    }
  }

  /// Before it is done, with what it would be about.
  private Shown foreseen(Act act, Map<String, String> given, Visitor visitor)
      throws InterruptedException {
    var about =
        act.preview().isPresent() && act.faults(given).isEmpty()
            ? line.read(sql -> act.foresee(sql, given))
            : List.<String>of();
    return shown(200, act, new Doing(act, given, List.of(), about, forms.token(visitor.name())));
  }

  /// After it was not done, or not known to be: nothing more is asked of a database that may be
  /// away.
  private Shown asked(
      int status, Act act, Map<String, String> given, List<String> faults, Visitor visitor) {
    return shown(
        status, act, new Doing(act, given, faults, List.of(), forms.token(visitor.name())));
  }

  private static Shown shown(int status, Act act, Doing doing) {
    return new Shown.Filled(status, act.title(), "act.jte", doing);
  }
}
