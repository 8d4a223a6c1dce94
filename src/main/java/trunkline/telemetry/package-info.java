/// What happened, told once, and turned into numbers and log lines by whoever listens.
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
/// throws. An event that nobody listens to costs one small allocation.
@NullMarked
package trunkline.telemetry;

import org.jspecify.annotations.NullMarked;
