/// Events, emitted once, and turned into numbers and log lines by the sinks.
///
/// Every package above emits [trunkline.telemetry.ServerEvent]s into one
/// [trunkline.telemetry.EventSink]; nothing above knows about meters or loggers. Tests listen too:
/// an event is what they wait for instead of sleeping.
///
/// **Plain values.** Events live here, at the bottom, so they carry ids as `int`, `long` and
/// `String`: the one exception to the rule that an identifier is a type of its own. They name
/// sessions and streams, never payloads, headers, tokens or passwords.
///
/// **Cheap and harmless.** Emitting happens on the path of a message, so a sink neither blocks nor
/// throws. An event without a listener costs one small allocation.
///
/// **Numbers** ([trunkline.telemetry.Meters], Prometheus text at `/observe/metrics`). Names are
/// API. Alerts should be built on:
///
/// | meter | in health |
/// |---|---|
/// | `trunkline_listener_lost_total`, `trunkline_canary_missed_total` | do not grow |
/// | `trunkline_sweep_found_total` | 0, unless polling: messages no wake-up announced in time |
/// | `trunkline_messages_undelivered_age_seconds` | 0 |
/// | `trunkline_gaps_told_total` | 0: a client missed messages, because it stayed away too long |
/// | `trunkline_messages_refused_total` | grows only while calls are cancelled or taken over |
/// | `trunkline_instances_declared_dead_total` | grows when an instance is killed |
/// | `trunkline_tenure_left_seconds` | stays above 0; below, calls are given up |
/// | `trunkline_pool_waiting` | 0 |
/// | `trunkline_memory_refused_total` | 0; else `--memory-share` or the heap is too small |
/// | `trunkline_traces_spans_dropped_total` | 0, if traces are sent: else the collector is away |
/// | `trunkline_rows_set_aside_total` | 0: a row was changed by hand, or came from elsewhere |
/// | `trunkline_tls_certificate_left_seconds` | far above 0; only with TLS |
/// | `trunkline_tls_certificate_unread_total` | 0: files of a new certificate that cannot be used |
/// | `trunkline_pending_expired_total` | grows when users do not answer |
/// | `trunkline_requests_failed_total`, `trunkline_handlers_failed_total` | 0: defects |
///
/// `published` counts on the instance that wrote, `delivered` on the one that holds the stream;
/// `replayed` messages are delivered as well. `trunkline_sessions_open` is the whole cluster's.
///
/// **Log lines** ([trunkline.telemetry.EventLogger]): the event's name in words, its values as
/// key-value pairs. How loud an event is, is its kind: `Warning`, `Notice`, `Routine` or `Traffic`,
/// the last for what happens with every message or every second. So adding an event touches two
/// files: its record and its meter. Whatever is logged, by whomever, is cleaned where the line is
/// made ([trunkline.telemetry.LogText], used by the encoders of the command line).
///
/// **Alive or gone.** A thread that the server needs beats with each turn
/// ([trunkline.telemetry.Pulse]); liveness names the one that has been silent for a minute, which
/// neither rest nor an outage of the database is. An [Error] in it ends the process at once
/// ([trunkline.telemetry.Crash]).
///
/// **Turns.** Whoever works through megabytes on a virtual thread lets others go on
/// ([trunkline.telemetry.Turn]).
///
/// **Traces** are made in `trace` and sent by whatever [trunkline.telemetry.Telemetry] gives: the
/// SDK of `otlp`, or a program's own.
///
/// **Not here.** Anything that a sink would have to remember about a client.
@NullMarked
package trunkline.telemetry;

import org.jspecify.annotations.NullMarked;
