/// What `serve` does with traces and OpenTelemetry's metrics: it sends them to a collector by OTLP
/// over HTTP, if `OTEL_EXPORTER_OTLP_ENDPOINT` says where. Everything else that OpenTelemetry's
/// variables say is read by its own autoconfiguration, which this package completes with a few
/// defaults ([trunkline.otlp.Otlp]).
///
/// **Never on a request's path.** A span that ends is put into a queue of `OTEL_BSP_MAX_QUEUE_SIZE`
/// (2048), which one thread sends in batches. When the queue is full, or a batch was not taken, its
/// spans are dropped, counted and told (`SpansDropped`); nobody waits. So a collector that is away
/// costs a request nothing but that, and the heap a queue of spans.
///
/// **Nothing is loaded unless it is on.** Only `OtlpExport` names classes of the SDK, which are not
/// there for a program that embeds the server and does not bring them.
///
/// **What it does not do.** No gRPC, since the JDK's HTTP client has none. No log records: those go
/// to the standard error, with the trace's id. A program that embeds the server gives its own
/// `OpenTelemetry` instead.
@NullMarked
package trunkline.otlp;

import org.jspecify.annotations.NullMarked;
