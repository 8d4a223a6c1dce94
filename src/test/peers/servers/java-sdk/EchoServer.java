import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.startup.Tomcat;

/// The server of the Java SDK as its documentation writes it: the synchronous server over the
/// servlet transport, in Tomcat. Says its port, and ends with its standard input.
final class EchoServer {
  private EchoServer() {}

  public static void main(String[] arguments) throws Exception {
    Logger.getLogger("").setLevel(Level.WARNING);
    var transport =
        HttpServletStreamableServerTransportProvider.builder().mcpEndpoint("/mcp").build();
    var tool =
        Tool.builder()
            .name("echo")
            .description("Answers the text")
            .inputSchema(
                Map.of(
                    "type",
                    "object",
                    "properties",
                    Map.of("text", Map.of("type", "string")),
                    "required",
                    List.of("text")))
            .build();
    var server =
        McpServer.sync(transport)
            .serverInfo("peer", "1.0.0")
            .capabilities(ServerCapabilities.builder().tools(true).build())
            .toolCall(
                tool,
                (_, request) ->
                    CallToolResult.builder()
                        .addTextContent((String) request.arguments().get("text"))
                        .build())
            .build();

    var tomcat = new Tomcat();
    tomcat.setBaseDir(Files.createTempDirectory("peer").toString());
    tomcat.setHostname("127.0.0.1");
    tomcat.setPort(0);
    var context = tomcat.addContext("", null);
    var servlet = Tomcat.addServlet(context, "mcp", transport);
    servlet.setAsyncSupported(true);
    context.addServletMappingDecoded("/*", "mcp");
    tomcat.getConnector().setProperty("address", "127.0.0.1");
    // Tomcat closes a connection after 100 requests: not here, in its favour.
    tomcat.getConnector().setProperty("maxKeepAliveRequests", "-1");
    tomcat.start();
    System.out.println("bench> " + tomcat.getConnector().getLocalPort());
    System.in.readAllBytes();
    server.close();
    System.exit(0);
  }
}
