package trunkline;

import trunkline.announcement.Announcements;
import trunkline.call.OrphanedCalls;
import trunkline.call.StreamedCalls;
import trunkline.config.Policies;
import trunkline.exchange.Exchanges;
import trunkline.stream.StreamDirectory;
import trunkline.stream.Streams;
import trunkline.task.Tasks;

/// Messages, calls, questions and tasks: the work that outlives its first instance.
record StreamLayer(
    Streams streams,
    StreamDirectory directory,
    StreamedCalls calls,
    OrphanedCalls orphans,
    Exchanges exchanges,
    Tasks tasks) {

  static StreamLayer open(ClusterLayer cluster, Announcements announcements, Policies policies) {
    var database = cluster.database();
    var waker = cluster.signals().waker();
    var events = cluster.events();
    var streams =
        new Streams(
            database,
            cluster.signals(),
            announcements,
            cluster::self,
            policies.streams(),
            cluster.memory(),
            events);
    return new StreamLayer(
        streams,
        new StreamDirectory(database),
        new StreamedCalls(database, streams, waker, policies.streams().sessionStreamsMax(), events),
        new OrphanedCalls(database, streams, cluster::self, events),
        new Exchanges(
            database, waker, cluster::self, policies.protocol().sessionQuestionsMax(), events),
        new Tasks(database, waker, cluster::self, policies.tasks(), events));
  }
}
