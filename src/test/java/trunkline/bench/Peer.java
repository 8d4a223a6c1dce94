package trunkline.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/// A server that is not ours, with a tool `echo` and the settings of its own documentation; a
/// script beside the benchmark installs it once and starts it.
enum Peer {
  TYPESCRIPT("typescript", "TypeScript SDK 1.32.2 (Node, Express)"),
  JAVA_SDK("java-sdk", "Java SDK 2.1.0 (Tomcat)");

  private static final int SECONDS_TO_INSTALL = 300;

  private final String word;
  private final String title;

  Peer(String word, String title) {
    this.word = word;
    this.title = title;
  }

  String word() {
    return word;
  }

  String title() {
    return title;
  }

  /// @throws Absent when it cannot be installed here
  Worker start(String... more) throws IOException, InterruptedException {
    var script = Checkout.servers().resolve(word).resolve("run");
    if (!Files.isExecutable(script)) {
      throw new Absent("there is no " + script + ": peers need a source checkout");
    }
    var folder = Checkout.target().resolve("peer-" + word);
    var command = new ArrayList<>(List.of(script.toString(), folder.toString()));
    command.addAll(List.of(more));
    return Worker.start(command, SECONDS_TO_INSTALL);
  }
}
