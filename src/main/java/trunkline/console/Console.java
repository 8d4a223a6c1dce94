package trunkline.console;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import trunkline.access.Authenticator;
import trunkline.audit.Denials;
import trunkline.console.visitor.Admission;
import trunkline.console.visitor.Admission.Admitted;
import trunkline.console.visitor.Admission.Admitted.Visitor;
import trunkline.console.visitor.Forms;
import trunkline.console.visitor.ScopedAdmission;
import trunkline.http.Pages;
import trunkline.page.Assets;
import trunkline.page.Templates;
import trunkline.seal.Seals;
import trunkline.signal.InstanceId;
import trunkline.store.Connections;
import trunkline.store.DatabaseFailure;

/// The console, at [#PATH] and below.
public final class Console implements Pages {
  public static final String PATH = "/console/";

  private static final String SESSIONS = "sessions/";
  private static final String INSTANCES = "instances/";
  private static final String ACTS = "acts/";
  private static final String PROBLEM = "problem.jte";
  private static final Visitor NOBODY = new Visitor("", false, false);

  private static final Assets ASSETS =
      new Assets(
          Map.of(
              "console.css", "/trunkline/console/console.css",
              "pico.css", Assets.PICO,
              "htmx.js", "/META-INF/resources/webjars/htmx.org/2.0.7/dist/htmx.min.js"));

  private final Supplier<InstanceId> instance;
  private final boolean payloads;
  private final ConsoleLine line;
  private final Admission admission;
  private final LoginScreen login;
  private final Map<String, Screen> screens;
  private final SessionScreen session;
  private final InstanceScreen instances;
  private final ListScreen lists;
  private final ActScreen acts;

  /// A page that is named by its path alone.
  @FunctionalInterface
  interface Screen {
    Shown show(Visit visit) throws InterruptedException;
  }

  /// Where it stands.
  ///
  /// @param connections of which it takes two for itself while somebody looks
  /// @param instance the one that shows the pages
  /// @param seals seal what its forms carry
  /// @param payloads whether what messages say is shown at all
  public record Place(
      Connections connections, Supplier<InstanceId> instance, Seals seals, boolean payloads) {}

  private Console(Place place, Optional<ScopedAdmission> credentials) {
    this.instance = place.instance();
    this.payloads = place.payloads();
    this.admission = credentials.<Admission>map(known -> known).orElse(Admission.NEARBY);
    this.line = new ConsoleLine(place.connections());
    var forms = new Forms(place.seals());
    var overview = new OverviewScreen(new SharedLook(line), new RecentLook(line));
    this.login = new LoginScreen(credentials, forms);
    this.session = new SessionScreen(line);
    this.instances = new InstanceScreen(line);
    this.lists = new ListScreen(line);
    this.acts = new ActScreen(line, forms);
    this.screens =
        Map.of(
            "", overview::whole,
            "now", overview::figures,
            "charts", overview::charts,
            "doctor", new DoctorScreen(line)::show,
            "waiting", new WaitingScreen(line)::show,
            "sessions", new SessionsScreen(line)::show);
  }

  /// For whoever sits at this machine.
  public static Console nearby(Place place) {
    return new Console(place, Optional.empty());
  }

  /// For whoever has the scope `trunkline.view`, or `trunkline.operate` to act; with
  /// `trunkline.payloads` besides, what messages say is shown.
  ///
  /// @param denials is told whose key was refused
  /// @param secure whether browsers come by TLS
  public static Console guarded(
      Place place, Authenticator authenticator, Denials denials, boolean secure) {
    var credentials = new ScopedAdmission(authenticator, denials, place.seals(), secure);
    return new Console(place, Optional.of(credentials));
  }

  /// Where its pages are, below its own path, but for those of one session or instance.
  List<String> paths() {
    var paths = new ArrayList<>(screens.keySet());
    Lists.ALL.forEach(list -> paths.add(list.word()));
    Acts.ALL.forEach(act -> paths.add(ACTS + act.word()));
    return List.copyOf(paths);
  }

  @Override
  public Page page(Visit visit) throws InterruptedException {
    var below = below(visit.path());
    var asset = ASSETS.find(below);
    if (asset.isPresent()) {
      return asset.get();
    }
    try {
      if (below.equals(LoginScreen.WORD)) {
        return answered(login.show(visit), NOBODY);
      }
      return switch (admission.admit(visit)) {
        case Visitor any -> {
          var visitor = payloads ? any : any.withoutReading();
          yield answered(shown(below, visit, visitor), visitor);
        }
        case Admitted.Refused(var why) -> answered(new Shown.Refused(why), NOBODY);
        case Admitted.Unjudged(var why) ->
            answered(new Shown.Unavailable(why + "; try again"), NOBODY);
        case Admitted.Unknown _ -> answered(new Shown.Elsewhere(LoginScreen.WORD), NOBODY);
      };
    } catch (Asked.NotUnderstood e) {
      return answered(new Shown.Unclear(String.valueOf(e.getMessage())), NOBODY);
    } catch (ConsoleBusy e) {
      return answered(new Shown.Unavailable(e.getMessage() + "; try again"), NOBODY);
    } catch (DatabaseFailure e) {
      return answered(new Shown.Unavailable(String.valueOf(e.getMessage())), NOBODY);
    }
  }

  @Override
  public void close() {
    line.close();
  }

  /// The path below the console's own, without a slash at its end.
  private static String below(String path) {
    var rest = path.length() < PATH.length() ? "" : path.substring(PATH.length());
    return rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest;
  }

  private Shown shown(String below, Visit visit, Visitor visitor) throws InterruptedException {
    if (below.startsWith(ACTS)) {
      return acts.show(below.substring(ACTS.length()), visit, visitor);
    }
    if (visit.method().equals("POST")) {
      return new Shown.Unsent("only acts are sent");
    }
    if (below.startsWith(SESSIONS)) {
      return session.show(below.substring(SESSIONS.length()), visit, visitor);
    }
    if (below.startsWith(INSTANCES)) {
      return instances.show(below.substring(INSTANCES.length()), visit);
    }
    var screen = screens.get(below);
    return screen == null ? lists.show(below, visit) : screen.show(visit);
  }

  private Page answered(Shown shown, Visitor visitor) {
    return switch (shown) {
      case Shown.Filled(var status, var title, var template, var model) ->
          html(status, Map.of(), title, template, model, visitor);
      case Shown.Elsewhere(var path, var headers) -> {
        var all = new HashMap<>(headers);
        all.put("Location", PATH + path);
        yield new Page(303, Assets.TEXT, all, new byte[0]);
      }
      case Shown.Missing(var what) -> problem(404, "Not here", what, visitor);
      case Shown.Unclear(var why) -> problem(400, "Not understood", why, visitor);
      case Shown.Unsent(var why) ->
          html(
              405,
              Map.of("Allow", "GET, HEAD"),
              "Nothing to do here",
              PROBLEM,
              new Problem(why),
              visitor);
      case Shown.Refused(var why) -> problem(403, "Not for you", why, visitor);
      case Shown.Unavailable(var why) -> problem(503, "Not now", why, visitor);
    };
  }

  private Page problem(int status, String title, String what, Visitor visitor) {
    return html(status, Map.of(), title, PROBLEM, new Problem(what), visitor);
  }

  private Page html(
      int status,
      Map<String, String> headers,
      String title,
      String template,
      Object model,
      Visitor visitor) {
    var shell =
        new Shell(title, instance.get().value(), visitor.name(), visitor.acts(), visitor.reads());
    var body = Templates.render(template, Map.of("shell", shell, "model", model));
    return new Page(status, Assets.HTML, headers, body);
  }
}
