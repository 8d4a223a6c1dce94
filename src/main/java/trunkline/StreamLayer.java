package trunkline;

import trunkline.announcement.Announcements;
import trunkline.config.Policies;
import trunkline.exchange.Exchanges;
import trunkline.stream.Streams;
import trunkline.task.Tasks;

/// Messages, questions and tasks: what outlives the instance that began it.
record StreamLayer(Streams streams, Exchanges exchanges, Tasks tasks) {

  static StreamLayer open(ClusterLayer cluster, Announcements announcements, Policies policies) {
    var database = cluster.database();
    var waker = cluster.signals().waker();
    var events = cluster.events();
    return new StreamLayer(
        new Streams(
            new Streams.Below(
                database,
                cluster.signals().doorbells(),
                waker,
                announcements,
                cluster::self,
                events),
            policies.streams()),
        new Exchanges(
            database, waker, cluster::self, policies.protocol().sessionQuestionsMax(), events),
        new Tasks(database, waker, cluster::self, policies.tasks(), events));
  }
}
