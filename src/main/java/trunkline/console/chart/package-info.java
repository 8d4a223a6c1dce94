/// What the last hour and the last day were like, as charts that need no script.
///
/// ```
///   minute_directory ──▶ RecentRows ──▶ Recent (steps) ──▶ Charts ──▶ charts.jte (SVG)
/// ```
///
/// A span has steps of equal length, counted back from the database's last whole minute; where an
/// instance wrote nothing it did nothing. How long requests take is told by their buckets, as
/// Prometheus would.
@NullMarked
package trunkline.console.chart;

import org.jspecify.annotations.NullMarked;
