package trunkline.console.chart;

import java.util.List;
import trunkline.console.chart.Chart.Measure;
import trunkline.page.Words;

/// What the last hour or day was like, for the template.
///
/// @param page whose charts they are, below the console's path
/// @param whose in words
/// @param from when the charts begin, in words
/// @param until when they end
public record Charts(
    String page, String whose, Span span, String from, String until, List<Chart> charts) {
  private static final String A_SECOND = "a second";

  /// Whether they are all instances', which are read once for all who look and so draw themselves
  /// again.
  public boolean isShared() {
    return page.isEmpty();
  }

  public static Charts of(Recent recent) {
    var seconds = (double) recent.span().stepSeconds();
    var all = recent.instance() == Recent.ALL;
    return new Charts(
        all ? "" : "instances/" + recent.instance(),
        all ? "All instances together" : "Instance " + recent.instance(),
        recent.span(),
        Words.time(recent.until().minusSeconds(recent.span().seconds())),
        Words.time(recent.until()),
        List.of(
            Chart.of(
                recent,
                "Requests",
                A_SECOND,
                new Measure("requests", "all", step -> step.requests() / seconds),
                new Measure("failed", "failed", step -> step.failed() / seconds)),
            Chart.of(
                recent,
                "Messages",
                A_SECOND,
                new Measure("messages", "delivered", step -> step.delivered() / seconds)),
            Chart.of(
                recent,
                "A request takes",
                "ms",
                new Measure("median", "half of them", step -> step.millis(0.5)),
                new Measure("slow", "95 of 100", step -> step.millis(0.95)))));
  }
}
