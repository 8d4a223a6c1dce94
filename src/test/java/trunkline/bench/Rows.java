package trunkline.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// All of them, in the order of their tables.
final class Rows {
  private Rows() {}

  /// Against floors.
  static List<Row> of(Effort effort) {
    return List.of(
        ManyCalls.stateless(effort),
        ManyCalls.stateful(effort),
        new LoneCalls(effort),
        new Delivery(effort),
        new LoneDelivery(effort),
        new LoadedDelivery(effort),
        new Broadcast(effort),
        new Elicitation(effort),
        new Initializations(effort),
        new Openings(effort),
        new StreamHeap(),
        new SessionHeap(),
        new SmallHeap(effort));
  }

  /// Beside the servers that people use.
  static List<Row> besidePeers(Effort effort) {
    return Arrays.stream(Peer.values()).<Row>map(peer -> new PeerCalls(effort, peer)).toList();
  }

  /// With more instances, streams, sessions and messages; long.
  static List<Row> ofGrowth(Effort effort) {
    List<Row> rows = new ArrayList<>(Spread.all(effort));
    var databases = new GrownDatabases(effort.equals(Effort.QUICK) ? 100_000 : 1_000_000);
    for (var act : CostBySize.Act.values()) {
      rows.add(new CostBySize(effort, databases, act));
    }
    rows.add(new Questions(databases));
    return rows;
  }

  /// The words by which a row is named.
  static List<String> words() {
    return all(Effort.QUICK).map(Row::word).toList();
  }

  static Stream<Row> all(Effort effort) {
    return Stream.of(of(effort), besidePeers(effort), ofGrowth(effort)).flatMap(List::stream);
  }
}
