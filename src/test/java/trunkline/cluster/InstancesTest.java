package trunkline.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import trunkline.signal.InstanceId;
import trunkline.signal.NotifyMode;
import trunkline.signal.Topic;
import trunkline.signal.Wake;
import trunkline.telemetry.ServerEvent;
import trunkline.testing.TestDatabase;

class InstancesTest {

  @Test
  void an_instance_stands_in_the_directory_from_register_to_leave(TestDatabase db) {
    try (var node = new Node(db.settings())) {
      var id = node.instances.register();

      var ready = node.instances.find(id).orElseThrow();
      assertThat(ready.state()).isEqualTo(InstanceState.READY);
      assertThat(ready.url()).isEqualTo("http://127.0.0.1:8080");
      assertThat(ready.version()).isEqualTo("1.0");
      assertThat(node.instances.tenure().isTrusted()).isTrue();

      node.instances.leave();

      assertThat(node.instances.directory())
          .singleElement()
          .extracting(Instance::state)
          .isEqualTo(InstanceState.LEFT);
    }
  }

  /// Draining is said at once and changes nothing else; an instance that is fenced meanwhile says
  /// it under its new number as well.
  @Test
  void an_instance_that_drains_says_so_and_lives_on(TestDatabase db) throws Exception {
    try (var node = new Node(db.settings())) {
      var first = node.instances.register();
      node.events.await(ServerEvent.InstanceBeat.class);

      node.instances.leaveSoon();
      awaitState(db, first, InstanceState.DRAINING);
      assertThat(node.instances.tenure().isTrusted()).isTrue();
      var told = db.sql("select draining_at from trunkline.instances").value();

      node.instances.declareDead(first);
      node.events.await(ServerEvent.InstanceFenced.class);
      awaitState(db, first, InstanceState.DEAD);
      node.events.await(
          ServerEvent.InstanceRegistered.class, again -> again.instance() != first.value());
      awaitState(db, node.instances.self(), InstanceState.DRAINING);
      assertThat(
              db.sql(
                      "select draining_at from trunkline.instances where instance_id = ?",
                      first.value())
                  .value())
          .isEqualTo(told);
    }
  }

  private static void awaitState(TestDatabase db, InstanceId id, InstanceState state) {
    db.await(
        "exists (select from trunkline.instance_directory where instance_id = %d and state = '%s')"
            .formatted(id.value(), state.word()),
        Duration.ofSeconds(20));
  }

  /// Goal: who was declared dead goes on, but never under the old number. Method: an operator
  /// declares it dead; its beat, rung by that, finds no row.
  @Test
  void a_fenced_instance_gets_a_new_number_and_hears_on_its_new_channel(TestDatabase db)
      throws Exception {
    try (var node = new Node(db.settings());
        var other = new Node(db.settings())) {
      var order = new CopyOnWriteArrayList<String>();
      node.instances.onRegistered(id -> order.add("registered " + id));
      node.instances.onFenced(() -> order.add("fenced " + node.instances.self()));
      var first = node.instances.register();
      node.signals.start();
      other.instances.register();

      assertThat(db.sql("select trunkline.declare_dead(?)", first.value()).value()).isEqualTo(true);
      assertThat(db.sql("select trunkline.declare_dead(?)", first.value()).value())
          .isEqualTo(false);
      assertThat(node.events.await(ServerEvent.InstanceFenced.class).instance())
          .isEqualTo(first.value());
      var second =
          node.events
              .await(ServerEvent.InstanceRegistered.class, e -> e.instance() > first.value())
              .instance();

      assertThat(second).isGreaterThan(first.value());
      node.events.await(ServerEvent.ListenerConnected.class, e -> e.instance() == second);
      assertThat(order)
          .containsExactly("registered " + first, "fenced " + first, "registered " + second);
      try (var bell = node.signals.doorbells().subscribe(Topic.STREAM, 7)) {
        other.signals.waker().wake(new InstanceId(second), List.of(new Wake(Topic.STREAM, 7)));
        assertThat(bell.bell().await(Duration.ofSeconds(10))).isTrue();
      }
    }
  }

  /// Goal: after a failover that lost our row, somebody else may have been given our number.
  @Test
  void a_number_that_was_given_to_somebody_else_is_given_up(TestDatabase db) throws Exception {
    try (var node = new Node(db.settings())) {
      var id = node.instances.register();

      db.sql("update trunkline.instances set started_at = started_at + interval '1 second'");

      node.events.await(ServerEvent.InstanceFenced.class);
      node.events.await(ServerEvent.InstanceBeat.class, e -> e.instance() > id.value());
      assertThat(node.instances.self().value()).isGreaterThan(id.value());
    }
  }

  /// Goal: a database that was set back is noticed although nothing tells its place from before.
  @Test
  void a_row_of_long_ago_means_that_the_database_was_set_back(TestDatabase db) throws Exception {
    try (var node = new Node(db.settings())) {
      var id = node.instances.register();
      node.beats(1);

      db.sql("update trunkline.instances set beat_at = beat_at - interval '1 hour'");

      assertThat(node.events.await(ServerEvent.DatabaseRestored.class).restores()).isEqualTo(1);
      node.events.await(ServerEvent.InstanceBeat.class, e -> e.instance() > id.value());
      assertThat(node.instances.find(id).orElseThrow().state()).isEqualTo(InstanceState.DEAD);
      assertThat(node.events.count(ServerEvent.DatabaseRestored.class)).isEqualTo(1);
    }
  }

  @Test
  void a_killed_heartbeat_connection_is_replaced_within_the_lease(TestDatabase db)
      throws Exception {
    try (var node = new Node(db.settings(), Duration.ofSeconds(10))) {
      var id = node.instances.register();
      node.beats(1);

      assertThat(db.terminateBackends("trunkline-heartbeat")).isEqualTo(1);

      node.events.await(ServerEvent.HeartbeatFailed.class);
      node.beats(1);
      assertThat(node.instances.self()).isEqualTo(id);
      assertThat(node.instances.tenure().isTrusted()).isTrue();
    }
  }

  /// Goal: an instance that vanished is declared dead once, and everybody sees it.
  @Test
  void of_two_observers_one_declares_a_silent_instance_dead(TestDatabase db) throws Exception {
    try (var one = new Node(db.settings());
        var two = new Node(db.settings());
        var silent = new Node(db.settings())) {
      for (var node : List.of(one, two)) {
        node.instances.register();
        node.sweeper.start();
      }
      var dead = silent.instances.register();
      silent.instances.close();

      db.await(
          "exists (select from trunkline.instances where dead_at is not null)",
          Duration.ofSeconds(60)); // a machine that pauses the observers makes them begin anew
      one.sweeper.runOnce(); // both have looked once more
      two.sweeper.runOnce();
      var declarations = new ArrayList<>(one.events.all(ServerEvent.InstanceDeclaredDead.class));
      declarations.addAll(two.events.all(ServerEvent.InstanceDeclaredDead.class));
      assertThat(declarations).singleElement().matches(e -> e.instance() == dead.value());
      assertThat(one.instances.find(dead).orElseThrow().state()).isEqualTo(InstanceState.DEAD);
      assertThat(two.instances.find(dead).orElseThrow().state()).isEqualTo(InstanceState.DEAD);
    }
  }

  /// Goal: the same without any NOTIFY, only later.
  @Test
  void fencing_and_death_are_noticed_by_polling_alone(TestDatabase db) throws Exception {
    var lease = Duration.ofSeconds(2); // a third of it is longer than the pace of polling
    try (var one = new Node(db.settings(), lease, NotifyMode.NEVER);
        var silent = new Node(db.settings(), lease, NotifyMode.NEVER)) {
      var first = one.instances.register();
      var dead = silent.instances.register();
      silent.instances.close();
      one.signals.start();
      one.sweeper.start();

      one.events.await(ServerEvent.InstanceDeclaredDead.class, e -> e.instance() == dead.value());
      assertThat(db.sql("select trunkline.declare_dead(?)", first.value()).value()).isEqualTo(true);
      one.events.await(ServerEvent.InstanceFenced.class);
      one.events.await(ServerEvent.InstanceBeat.class, e -> e.instance() > dead.value());
    }
  }

  @Test
  void a_goodbye_that_cannot_be_said_does_not_fail(TestDatabase db) throws Exception {
    try (var node = new Node(db.settings())) {
      node.instances.register();
      node.database.close();

      node.instances.leave();

      node.events.await(ServerEvent.SweepFailed.class, e -> e.sweep().equals("leave"));
    }
  }

  @Test
  void numbers_are_unique_however_many_come_and_go(TestDatabase db) throws Exception {
    Set<InstanceId> ids = ConcurrentHashMap.newKeySet();
    try (var threads = Executors.newFixedThreadPool(6)) {
      var runs = new ArrayList<Future<?>>();
      for (var run = 0; run < 6; run++) {
        runs.add(
            threads.submit(() -> {
              for (var turn = 0; turn < 5; turn++) {
                try (var node = new Node(db.settings())) {
                  ids.add(node.instances.register());
                  node.instances.leave();
                }
              }
            }));
      }
      for (var run : runs) {
        run.get();
      }
    }

    assertThat(ids).hasSize(30);
    assertThat(db.sql("select count(*) from trunkline.instances where left_at is null").number())
        .isZero();
  }

  @Test
  void the_directories_tell_where_a_session_is_connected(TestDatabase db) {
    try (var node = new Node(db.settings())) {
      var id = node.instances.register();
      var session = "0123456789abcdef0123456789abcdef";
      db.sql(
          """
          insert into trunkline.sessions (session_id, revision, principal, announced_from, capabilities, client)
          values (?, '2025-11-25', 'anonymous', 0, '{}', '{}')
          """,
          session);
      assertThat(db.sql("select trunkline.session_instance(?)", session).value()).isNull();
      db.sql(
          """
          insert into trunkline.streams (session_key, standalone, holder_instance, holder_epoch, opened_at)
          select session_key, true, ?, 3, clock_timestamp() from trunkline.sessions
          """,
          id.value());

      assertThat(db.sql("select trunkline.session_instance(?)", session).number())
          .isEqualTo(id.value());
      assertThat(
              db.sql("select epoch from trunkline.stream_directory where session_id = ?", session)
                  .number())
          .isEqualTo(3);

      node.instances.holding(() -> 3);
      node.instances.beatSoon();
      db.await(
          "(select streams_held from trunkline.instance_directory) = 3", Duration.ofSeconds(20));
      assertThat(node.instances.find(id).orElseThrow().streamsHeld()).isEqualTo(3);
    }
  }

  /// Goal: rows of long gone instances go, and two sweepers at it remove each once.
  @Test
  void two_sweepers_forget_each_departed_instance_once(TestDatabase db) throws Exception {
    try (var one = new Node(db.settings());
        var two = new Node(db.settings())) {
      one.instances.register();
      two.instances.register();
      db.sql(
          """
          insert into trunkline.instances (lease_until, url, version, left_at)
          select clock_timestamp(), 'http://gone', '1', clock_timestamp() - interval '40 days' from generate_series(1, 700)
          """);

      try (var threads = Executors.newFixedThreadPool(2)) {
        var first = threads.submit(one.sweeper::runOnce);
        var second = threads.submit(two.sweeper::runOnce);
        first.get();
        second.get();
      }

      var swept = new ArrayList<>(one.events.all(ServerEvent.Swept.class));
      swept.addAll(two.events.all(ServerEvent.Swept.class));
      assertThat(swept.stream().mapToInt(ServerEvent.Swept::rows).sum()).isEqualTo(700);
      assertThat(one.instances.directory()).hasSize(2);
    }
  }
}
