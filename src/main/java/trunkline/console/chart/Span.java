package trunkline.console.chart;

import java.util.Locale;

/// How far back the charts go, and in which steps.
public enum Span {
  HOUR("the last hour", 60, 60),
  DAY("the last day", 300, 288);

  private final String title;
  private final int stepSeconds;
  private final int steps;

  Span(String title, int stepSeconds, int steps) {
    this.title = title;
    this.stepSeconds = stepSeconds;
    this.steps = steps;
  }

  /// As it is asked for.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public String title() {
    return title;
  }

  int stepSeconds() {
    return stepSeconds;
  }

  int steps() {
    return steps;
  }

  int seconds() {
    return stepSeconds * steps;
  }
}
