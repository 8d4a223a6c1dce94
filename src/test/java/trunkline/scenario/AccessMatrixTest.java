package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import trunkline.access.Authenticator.Verdict;
import trunkline.feature.Implementation;
import trunkline.feature.Switches;
import trunkline.protocol.around.Interception;
import trunkline.protocol.method.Methods;
import trunkline.protocol.wire.ServerIdentity;
import trunkline.scenario.AccessStage.Things;
import trunkline.scenario.AccessTable.Credential;
import trunkline.scenario.AccessTable.Open;
import trunkline.scenario.AccessTable.Operation;
import trunkline.testing.TestCluster;

/// Goal: whatever somebody brings, and whatever is asked with it, in either era, at any path and on
/// any instance, the answer is the one of [AccessTable]; and what the server comes to answer
/// besides has to be written there first.
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessMatrixTest {
  private static final String OWNER = "token of the owner";
  private static final String STRANGER = "token of a stranger";

  /// Those of HTTP (RFC 9110, section 9; RFC 5789), but for CONNECT, which is for proxies.
  private static final List<String> HTTP_METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE");

  private final AccessStage stage;
  private final Map<String, Things> owned = new HashMap<>();
  private final Map<String, Things> strangers = new HashMap<>();
  private final List<String> otherwise = new ArrayList<>();

  AccessMatrixTest(TestCluster cluster) {
    stage = new AccessStage(cluster);
  }

  @BeforeAll
  void begin() throws InterruptedException {
    var task = stage.task(OWNER);
    var state = stage.state(OWNER);
    for (var path : AccessTable.GUARDED) {
      owned.put(path, stage.things(OWNER, path, task, state));
      strangers.put(path, stage.things(STRANGER, path, "none", "none"));
    }
  }

  @AfterAll
  void end() {
    stage.close();
  }

  private static List<Credential> refused() {
    return AccessTable.credentials().stream().filter(each -> !each.isLetIn()).toList();
  }

  private static List<Credential> letIn() {
    return AccessTable.credentials().stream().filter(Credential::isLetIn).toList();
  }

  private static List<Credential> all() {
    return AccessTable.credentials();
  }

  @Test
  void there_is_a_row_for_each_verdict_each_path_and_each_method() {
    assertThat(all().stream().map(Credential::verdict).collect(Collectors.toSet()))
        .isEqualTo(
            Arrays.stream(Verdict.class.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .collect(Collectors.toSet()));
    assertThat(all()).allMatch(each -> stage.brings(each.name()));

    var paths = new HashSet<>(AccessTable.GUARDED);
    AccessTable.open().forEach(open -> paths.add(open.path()));
    for (var instance : stage.instances()) {
      assertThat(paths).containsAll(instance.server().paths());
    }

    var methods =
        new Methods(
            AccessFeatures.catalog(),
            new ServerIdentity(Implementation.of("stage", "1"), null),
            _ -> Switches.ALL_ON,
            () -> Switches.ALL_ON,
            Interception.NONE,
            _ -> {});
    assertThat(asked(false)).isEqualTo(and(methods.ofSessions(), "initialize", "no/method"));
    assertThat(asked(true))
        .isEqualTo(and(methods.ofStateless(), "initialize", "no/method", "subscriptions/listen"));
    assertThat(AccessTable.operations().stream().map(Operation::verb))
        .containsAll(HTTP_METHODS)
        .contains("BATCH", "NOTIFY", "RESPOND", "RESUME");
  }

  private static Set<String> asked(boolean stateless) {
    return AccessTable.operations().stream()
        .filter(each -> each.verb().equals("POST") && each.isStateless() == stateless)
        .map(Operation::says)
        .collect(Collectors.toSet());
  }

  private static Set<String> and(Set<String> served, String... more) {
    var all = new HashSet<>(served);
    all.addAll(List.of(more));
    return all;
  }

  /// Whose session it is and what it is about, it gets to know nothing of.
  @ParameterizedTest
  @MethodSource("refused")
  void who_is_not_let_in_hears_the_same_whatever_is_asked(Credential credential)
      throws InterruptedException {
    var runs = AccessFeatures.RUNS.get();
    for (var path : AccessTable.GUARDED) {
      for (var asked : AccessTable.operations()) {
        compare(asked, credential, path, ofOwner(path), ofOwner(path), credential.refusal());
      }
    }
    requireNoneOtherwise();
    assertThat(AccessFeatures.RUNS.get()).as("handlers that have run").isEqualTo(runs);
  }

  @ParameterizedTest
  @MethodSource("letIn")
  void who_is_let_in_hears_what_is_its_own_and_not_what_is_another_s(Credential credential)
      throws InterruptedException {
    for (var path : AccessTable.GUARDED) {
      var own = ofOwner(path);
      for (var asked : AccessTable.operations()) {
        switch (credential.role()) {
          case "owner" -> compare(asked, credential, path, used(asked, path), own, asked.owner());
          case "fewer" -> compare(asked, credential, path, used(asked, path), own, asked.fewer());
          default -> {
            compare(asked, credential, path, own, ofStranger(path), asked.session());
            compare(asked, credential, path, ofStranger(path), own, asked.thing());
          }
        }
      }
      assertThat(stage.session(OWNER, path, "2025-11-25")).isNotEqualTo(own.session());
    }
    requireNoneOtherwise();
  }

  private Things ofOwner(String path) {
    return Objects.requireNonNull(owned.get(path));
  }

  private Things ofStranger(String path) {
    return Objects.requireNonNull(strangers.get(path));
  }

  /// What ends a session is done to one that nobody needs any more.
  private Things used(Operation asked, String path) {
    var own = ofOwner(path);
    return asked.verb().equals("DELETE")
        ? new Things(
            stage.session(OWNER, path, "2025-11-25"),
            own.older(),
            own.event(),
            own.task(),
            own.state())
        : own;
  }

  private void compare(
      Operation asked,
      Credential credential,
      String path,
      Things session,
      Things about,
      String expected)
      throws InterruptedException {
    if (expected.equals("-")) {
      return;
    }
    var reply = stage.ask(asked, credential.name(), path, session, about);
    var heard = AccessAnswer.spelled(reply, asked);
    // an answer to HEAD has no body
    var fitting = asked.verb().equals("HEAD") ? expected.replaceFirst(" [^;]*", "") : expected;
    note(credential + " at " + path + " asks " + asked, fitting, heard);
    if (!isOwners(credential) && reply.body().contains(ofOwner(path).task())) {
      note(credential + " at " + path + " asks " + asked, "nothing of the owner", reply.body());
    }
  }

  private static boolean isOwners(Credential credential) {
    return credential.role().equals("owner") || credential.role().equals("fewer");
  }

  private void note(String what, String expected, String heard) {
    if (!heard.equals(expected)) {
      otherwise.add("\n%s\n  is to hear %s\n  and hears  %s".formatted(what, expected, heard));
    }
  }

  private void requireNoneOtherwise() {
    var found = List.copyOf(otherwise);
    otherwise.clear();
    assertThat(found).isEmpty();
  }

  /// Also to the browsers' question whether a page may ask, which brings no credentials.
  @ParameterizedTest
  @MethodSource("all")
  void what_is_open_is_open_to_everybody(Credential credential) {
    for (var open : AccessTable.open()) {
      for (var method : HTTP_METHODS) {
        var reply = stage.send(credential.name(), open.path(), method, Map.of(), "");
        note(
            credential + " asks " + method + " " + open.path(),
            expected(open, method),
            reply.status() + allowed(reply.header("allow")));
      }
    }
    for (var path : AccessTable.GUARDED) {
      var preflight = Map.of("Origin", "http://localhost", "Access-Control-Request-Method", "POST");
      var reply = stage.send(credential.name(), path, "OPTIONS", preflight, "");
      note(credential + " asks whether a page may ask " + path, "204", "" + reply.status());
    }
    requireNoneOtherwise();
  }

  /// Whoever it is: what it would be listed over MCP is not on a page that anybody may open.
  @ParameterizedTest
  @MethodSource("all")
  void a_browser_gets_a_page_that_lists_nothing(Credential credential) {
    for (var method : HTTP_METHODS) {
      var reply = stage.send(credential.name(), "/", method, Map.of("Accept", "text/html"), "");
      var found = method.equals("GET") || method.equals("HEAD") ? "200" : "404";
      note(credential + " browses by " + method, found, "" + reply.status());
      assertThat(reply.body()).doesNotContain("<article>", "locked", "kitchen");
    }
    requireNoneOtherwise();
  }

  private static String expected(Open open, String method) {
    var answered = open.answers().get(method);
    return answered == null
        ? "405" + allowed(String.join(", ", open.answers().keySet()))
        : answered.toString();
  }

  private static String allowed(@Nullable String header) {
    return header == null ? "" : " but for " + header;
  }
}
