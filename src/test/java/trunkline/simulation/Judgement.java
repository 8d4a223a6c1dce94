package trunkline.simulation;

import java.nio.charset.StandardCharsets;

/// What has to hold when an order is over.
record Judgement(World world) {
  void end() {
    for (var sent : world.senders.entrySet()) {
      world.witness.found("nobody learns what became of " + sent.getKey());
    }
    world.readers.stream().filter(reader -> reader.standalone).forEach(world.witness::judgeNotices);
    for (var row : world.database.streams().values()) {
      var session = world.database.sessions().get(row.session);
      if (session != null && session.ended && !row.finished) {
        world.witness.found("stream " + row.id + " outlives its session");
      } else if (session != null && session.ended && row.createdNanos > session.endedNanos) {
        world.witness.found("stream " + row.id + " was opened in a session that had ended");
      } else if (!row.standalone && !row.finished) {
        world.witness.found("call on stream " + row.id + " never ends");
      }
      judgeRuns(row.id);
    }
    world.trace(() -> "over");
  }

  /// One final response, and no run's messages after those of the next one.
  private void judgeRuns(long stream) {
    var finals = 0;
    var run = 0;
    for (var message : world.database.messages(stream, 0)) {
      var words = new String(message.payload(), StandardCharsets.UTF_8).split(" ", -1);
      if (words[0].equals("final") || words[0].startsWith("{")) {
        finals++;
      }
      if (words.length > 3 && words[2].equals("run")) {
        var of = Integer.parseInt(words[3]);
        if (of < run) {
          world.witness.found("stream " + stream + ": run " + of + " after run " + run);
        }
        run = Math.max(run, of);
      }
    }
    if (finals > 1) {
      world.witness.found("stream " + stream + " has " + finals + " final responses");
    }
  }
}
