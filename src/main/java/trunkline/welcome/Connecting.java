package trunkline.welcome;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// How the usual clients connect to a server: the one source of what its page and `./trunkline
/// connect` say.
///
/// @param name of the server in the clients' own lists
/// @param url of its MCP, as clients reach it
/// @param isTokenGiven whether clients have to send a token that they were given
public record Connecting(String name, URI url, boolean isTokenGiven) {
  private static final String TOKEN = "Bearer YOUR_TOKEN";

  /// What no shell reads as more than text.
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9:/._@%+=,-]+");

  private static final Pattern BETWEEN_WORDS = Pattern.compile("[^a-z0-9]+");
  private static final int NAME_MAX = 40;

  /// To these mcp-remote speaks HTTP without being told that it may.
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1");

  public Connecting {
    name = plain(name);
  }

  /// Clients make names of tools of it, and one stands in files and on command lines.
  private static String plain(String name) {
    var words = BETWEEN_WORDS.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("-");
    var cut = words.substring(0, Math.min(words.length(), NAME_MAX)).replaceAll("^-|-$", "");
    return cut.isEmpty() ? "server" : cut;
  }

  /// For programs that print, a client after the other.
  public String text() {
    return ways().stream()
        .map(way -> way.client() + ", " + way.where() + "\n\n" + way.text().indent(2))
        .collect(Collectors.joining("\n"));
  }

  public List<Way> ways() {
    return List.of(
        new Way("Claude Code", "in a shell", claudeCode()),
        new Way("VS Code", "in .vscode/mcp.json", listed("servers", "\"type\": \"http\", ")),
        new Way("Cursor", "in ~/.cursor/mcp.json", listed("mcpServers", "")),
        new Way("Inspector", "in a shell", inspector()),
        new Way(
            "mcp-remote",
            "for clients that only start programs, such as in claude_desktop_config.json",
            remote()),
        new Way("TypeScript SDK", "npm install @modelcontextprotocol/sdk", typeScript()),
        new Way("Java SDK", "io.modelcontextprotocol.sdk:mcp", java()));
  }

  private String claudeCode() {
    return "claude mcp add --transport http %s %s%s".formatted(name, inShell(), headerInShell());
  }

  private String inspector() {
    return "npx @modelcontextprotocol/inspector --cli %s --transport http --method tools/list%s"
        .formatted(inShell(), headerInShell());
  }

  private String headerInShell() {
    return isTokenGiven ? " \\\n  --header \"Authorization: %s\"".formatted(TOKEN) : "";
  }

  private String inShell() {
    var text = url.toString();
    return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "%27") + "'";
  }

  private String listed(String member, String type) {
    var headers =
        isTokenGiven ? ",\n      \"headers\": { \"Authorization\": \"%s\" }".formatted(TOKEN) : "";
    return """
    {
      "%s": {
        "%s": { %s"url": "%s"%s }
      }
    }\
    """
        .formatted(member, name, type, url, headers);
  }

  /// What has a blank in it is no argument for some of the programs that start it.
  private String remote() {
    var http =
        "http".equals(url.getScheme()) && !LOOPBACK.contains(String.valueOf(url.getHost()))
            ? ", \"--allow-http\""
            : "";
    var header = isTokenGiven ? ", \"--header\", \"Authorization:${AUTH}\"" : "";
    var environment = isTokenGiven ? ",\n      \"env\": { \"AUTH\": \"%s\" }".formatted(TOKEN) : "";
    return """
    {
      "mcpServers": {
        "%s": { "command": "npx", "args": ["-y", "mcp-remote", "%s"%s%s]%s }
      }
    }\
    """
        .formatted(name, url, http, header, environment);
  }

  private String typeScript() {
    var headers =
        isTokenGiven
            ? ",\n  { requestInit: { headers: { Authorization: \"%s\" } } }".formatted(TOKEN)
            : "";
    return """
    import { Client } from "@modelcontextprotocol/sdk/client/index.js";
    import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
    const client = new Client({ name: "me", version: "1" });
    await client.connect(new StreamableHTTPClientTransport(new URL("%s")%s));
    console.log(await client.listTools());\
    """
        .formatted(url, headers);
  }

  private String java() {
    var headers =
        isTokenGiven
            ? "\n    .requestBuilder(HttpRequest.newBuilder().header(\"Authorization\", \"%s\"))"
                .formatted(TOKEN)
            : "";
    var endpoint =
        url.getRawQuery() == null ? url.getRawPath() : url.getRawPath() + "?" + url.getRawQuery();
    return """
    var transport = HttpClientStreamableHttpTransport.builder("%s://%s").endpoint("%s")%s.build();
    try (var client = McpClient.sync(transport).build()) {
      client.initialize();
      System.out.println(client.listTools());
    }\
    """
        .formatted(url.getScheme(), url.getRawAuthority(), endpoint, headers);
  }
}
