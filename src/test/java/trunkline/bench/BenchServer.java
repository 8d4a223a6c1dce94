package trunkline.bench;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import trunkline.Trunkline;
import trunkline.feature.Catalog;

/// The product, as a program starts it, with [BenchTools]. Arguments: name=value, as in a file of
/// options.
final class BenchServer {
  private BenchServer() {}

  public static void main(String[] arguments) throws IOException {
    Map<String, String> options = new HashMap<>();
    for (var argument : arguments) {
      var split = argument.indexOf('=');
      options.put(argument.substring(0, split), argument.substring(split + 1));
    }
    try (var server =
        Trunkline.builder()
            .catalog(Catalog.builder().add(BenchTools.all()).build())
            .options(options)
            .start()) {
      Asked.serve(server.port(), new Asked.Server() {});
    }
    System.exit(0);
  }
}
