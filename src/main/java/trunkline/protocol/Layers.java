package trunkline.protocol;

import trunkline.call.StreamedCalls;
import trunkline.exchange.Exchanges;
import trunkline.feature.ServerHandle;
import trunkline.session.Sessions;
import trunkline.stream.Streams;
import trunkline.telemetry.EventSink;

/// What running a call needs of the layers below.
record Layers(
    Sessions sessions,
    Streams streams,
    StreamedCalls streamedCalls,
    Exchanges exchanges,
    RunningCalls calls,
    RunningTasks tasks,
    ServerHandle server,
    ProtocolPolicy policy,
    EventSink events) {}
