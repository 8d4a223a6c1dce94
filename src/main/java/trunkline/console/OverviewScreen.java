package trunkline.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import trunkline.console.Overview.Figure;
import trunkline.console.chart.Charts;
import trunkline.console.chart.Span;
import trunkline.http.Pages.Visit;
import trunkline.page.Words;
import trunkline.status.Status;
import trunkline.status.Status.Waiting;

/// What there is, and what somebody should act on.
final class OverviewScreen {
  private static final String TITLE = "Overview";

  private final SharedLook look;
  private final RecentLook recent;

  OverviewScreen(SharedLook look, RecentLook recent) {
    this.look = look;
    this.recent = recent;
  }

  Shown whole(Visit visit) throws InterruptedException {
    return Shown.filled(TITLE, "overview.jte", overview(lately(visit)));
  }

  /// The part that changes all the time.
  Shown figures(Visit visit) throws InterruptedException {
    return Shown.filled(TITLE, "now.jte", overview(null));
  }

  /// The part that changes now and then.
  Shown charts(Visit visit) throws InterruptedException {
    return Shown.filled(TITLE, "charts.jte", lately(visit));
  }

  private Charts lately(Visit visit) throws InterruptedException {
    return Charts.of(recent.of(Asked.choice(visit, "span", Span.class).orElse(Span.HOUR)));
  }

  private Overview overview(@Nullable Charts charts) throws InterruptedException {
    var seen = look.now();
    return new Overview(seen.status(), seen.status().faults(), figures(seen), charts);
  }

  private static List<Figure> figures(SharedLook.Seen seen) {
    var status = seen.status();
    var figures = new ArrayList<Figure>();
    figures.add(new Figure("sessions", Words.number(status.sessions()), "living, as last counted"));
    figures.add(
        new Figure(
            "streams", Words.number(status.streams().map(Status.Streams::held)), "with a client"));
    figures.add(waiting("calls", "running as streams", status.calls()));
    figures.add(waiting("questions", "unanswered", status.questions()));
    figures.add(waiting("tasks", "unfinished", status.unfinishedTasks()));
    figures.add(waiting("outbox", "handed in by SQL", status.outbox()));
    var rates = seen.rates();
    if (rates != null) {
      figures.add(new Figure("messages", Words.rate(rates.messages()), "a second"));
      figures.add(new Figure("transactions", Words.rate(rates.transactions()), "a second"));
    }
    status
        .space()
        .ifPresent(space -> figures.add(new Figure("disk", Words.bytes(space.total()), "in all")));
    return List.copyOf(figures);
  }

  private static Figure waiting(String name, String more, Optional<Waiting> waiting) {
    return new Figure(name, Words.number(waiting.map(Waiting::number)), more);
  }
}
