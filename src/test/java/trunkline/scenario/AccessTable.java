package trunkline.scenario;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// What the server answers to whom, written by hand: the rows of [AccessMatrixTest].
///
/// An answer is a status, then `result` or `stream`, or an error's code and message, then headers
/// that tell a client what to do. Words in capitals stand for what is often the same; `=` for the
/// cell before; `-` for nothing to ask there.
final class AccessTable {
  private static final String AT =
      "resource_metadata=\"https://mcp.example/.well-known/oauth-protected-resource/mcp\"";

  private static final Map<String, String> WORDS =
      Map.of(
          "ASKED", "Bearer " + AT + ", scope=\"mcp:use\"",
          "INVALID",
              "Bearer error=\"invalid_token\", error_description=\"%s\", "
                  + AT
                  + ", scope=\"mcp:use\"",
          "LACKING",
              "Bearer error=\"insufficient_scope\", "
                  + "error_description=\"the token lacks a scope that this needs\", "
                  + AT
                  + ", scope=\"mcp:use\"",
          "NEEDS",
              "403 -32003 kitchen:bake kitchen:fry; Bearer error=\"insufficient_scope\", "
                  + "error_description=\"the token lacks a scope that this needs\", "
                  + AT
                  + ", scope=\"kitchen:bake kitchen:fry mcp:use\"",
          "GONE", "404 -32001 Session not found: initialize anew",
          "NO TASK", "200 -32602 Task not found: there is none of this id, or its time is over",
          "NO STATE",
              "200 -32602 Invalid or expired requestState: not one that this server gave for this request",
          "NO STREAM",
              "405 -32000 Method not allowed: there is no stream to follow;"
                  + " Allow: GET, POST, DELETE, OPTIONS",
          "NOT MCP", "405 -32000 this method is not for MCP; Allow: GET, POST, DELETE, OPTIONS");

  private static final String CREDENTIALS =
      """
      nothing                       | Unknown     | 401 | the proxy named no principal                   | ASKED
      another scheme                | Unknown     | 401 | a bearer token is needed                       | ASKED
      no token                      | Unknown     | 401 | the token is not known                         | INVALID
      expired token                 | Unknown     | 401 | the token has expired                          | INVALID
      token for another audience    | Unknown     | 401 | the token is for another audience              | INVALID
      token of another issuer       | Unknown     | 401 | the token is of another issuer                 | INVALID
      token with a wrong signature  | Unknown     | 401 | the token is not signed by its issuer          | INVALID
      token of a withdrawn key      | Unknown     | 401 | the token is not signed by its issuer          | INVALID
      unknown API key               | Unknown     | 401 | the API key is not known, expired or revoked   | INVALID
      malformed API key             | Unknown     | 401 | the API key is not known, expired or revoked   | INVALID
      expired API key               | Unknown     | 401 | the API key is not known, expired or revoked   | INVALID
      revoked API key               | Unknown     | 401 | the API key is not known, expired or revoked   | INVALID
      name from elsewhere           | Forbidden   | 403 | X-User is taken from trusted proxies only      | -
      token without any scope       | Lacking     | 403 | the token lacks a scope that every request needs | LACKING
      token of an absent issuer     | Unavailable | 503 | the identity provider does not answer          | Retry-After
      token of the owner            | Known       | owner    | | -
      API key of the owner          | Known       | owner    | | -
      token with fewer scopes       | Known       | fewer    | | -
      API key with fewer scopes     | Known       | fewer    | | -
      token of a stranger           | Known       | stranger | | -
      API key of a stranger         | Known       | stranger | | -
      """;

  /// The paths of MCP, at each of which all operations are the same: the whole catalog's and a
  /// toolset's.
  static final List<String> GUARDED =
      List.of(
          "/mcp",
          "/mcp/",
          "/mcp/kitchen",
          "/mcp/kitchen/",
          "/mcp?toolset=kitchen",
          "/mcp/kitchen?toolset=kitchen");

  /// For everybody, whatever they bring.
  private static final String OPEN =
      """
      /.well-known/oauth-protected-resource      | GET 200, OPTIONS 204
      /.well-known/oauth-protected-resource/     | GET 200, OPTIONS 204
      /.well-known/oauth-protected-resource/mcp  | GET 200, OPTIONS 204
      /.well-known/oauth-protected-resource/mcp/ | GET 200, OPTIONS 204
      /                                          | GET 404, HEAD 404, POST 404, PUT 404, PATCH 404, DELETE 404, OPTIONS 404, TRACE 404
      /welcome                                   | GET 404, HEAD 404, POST 415
      /welcome/                                  | GET 404, HEAD 404, POST 415
      /welcome/welcome.css                       | GET 200, HEAD 200, POST 415
      /observe/health/live                       | GET 200
      /observe/health/ready                      | GET 200
      /observe/metrics                           | GET 200
      """;

  /// By revision, request, what it says; then the answers: to the owner of what it is about, to the
  /// owner by credentials with fewer scopes, to a stranger who names the owner's session, and to
  /// one who names the owner's task, event or state, in a session of its own.
  private static final String OPERATIONS =
      """
      2025-11-25 | POST initialize               | {'protocolVersion':'2025-11-25','capabilities':{},'clientInfo':{'name':'c','version':'1'}} \
                                                                                    | 200 result | =     | 200 result | -
      2025-11-25 | POST ping                     | {}                               | 200 result | =     | GONE | -
      2025-11-25 | POST logging/setLevel         | {'level':'error'}                | 200 result | =     | GONE | -
      2025-11-25 | POST tools/list               | {}                               | 200 result | =     | GONE | -
      2025-11-25 | POST tools/call               | {'name':'locked'}                | 200 result | NEEDS | GONE | -
      2025-11-25 | POST tools/call               | {'name':'slow','task':{}}        | 200 result | NEEDS | GONE | -
      2025-11-25 | POST tools/call               | {'name':'open'}                  | 200 result | =     | GONE | -
      2025-11-25 | POST tasks/get                | {'taskId':'TASK'}                | 200 result | =     | GONE | NO TASK
      2025-11-25 | POST tasks/result             | {'taskId':'TASK'}                | 200 result | =     | GONE | NO TASK
      2025-11-25 | POST tasks/list               | {}                               | 200 result | =     | GONE | 200 result
      2025-11-25 | POST tasks/cancel             | {'taskId':'TASK'}                | 200 -32602 Cannot cancel the task: it is completed already | = | GONE | NO TASK
      2025-11-25 | POST resources/list           | {}                               | 200 result | =     | GONE | -
      2025-11-25 | POST resources/templates/list | {}                               | 200 result | =     | GONE | -
      2025-11-25 | POST resources/read           | {'uri':'kitchen://locked'}       | 200 result | NEEDS | GONE | -
      2025-11-25 | POST resources/read           | {'uri':'locked://soup'}          | 200 result | NEEDS | GONE | -
      2025-11-25 | POST resources/subscribe      | {'uri':'kitchen://locked'}       | 200 result | NEEDS | GONE | -
      2025-11-25 | POST resources/unsubscribe    | {'uri':'kitchen://locked'}       | 200 result | =     | GONE | -
      2025-11-25 | POST prompts/list             | {}                               | 200 result | =     | GONE | -
      2025-11-25 | POST prompts/get              | {'name':'locked'}                | 200 result | NEEDS | GONE | -
      2025-11-25 | POST completion/complete      | {'ref':{'type':'ref/prompt','name':'locked'},'argument':{'name':'dish','value':''}} \
                                                                                    | 200 result | NEEDS | GONE | -
      2025-11-25 | POST completion/complete      | {'ref':{'type':'ref/resource','uri':'locked://{dish}'},'argument':{'name':'dish','value':''}} \
                                                                                    | 200 result | NEEDS | GONE | -
      2025-11-25 | POST no/method                | {}                               | 200 -32601 Method not found: no/method | = | GONE | -
      2025-11-25 | NOTIFY notifications/initialized | {}                            | 202        | =     | GONE | -
      2025-11-25 | NOTIFY notifications/cancelled | {'requestId':1}                 | 202        | =     | GONE | -
      2025-11-25 | NOTIFY notifications/progress | {'progressToken':'p','progress':1} | 202      | =     | GONE | -
      2025-11-25 | NOTIFY notifications/roots/list_changed | {}                     | 202        | =     | GONE | -
      2025-11-25 | RESPOND                       | {}                               | 202        | =     | GONE | -
      2025-11-25 | BATCH ping                    | {}                               | 400 -32600 batches are part of 2025-03-26 only, not of 2025-11-25 | = | GONE | -
      2025-11-25 | ALONE ping                    | {}                               | 400 -32000 Mcp-Session-Id is required: initialize opens a session | = | = | -
      2025-11-25 | GET                           |                                  | 200 stream | =     | GONE | -
      2025-11-25 | RESUME                        |                                  | 200 stream | =     | GONE | 400 -32000 Last-Event-ID names no stream of this session
      2025-11-25 | DELETE                        |                                  | 204        | =     | GONE | -
      2025-11-25 | HEAD                          |                                  | NOT MCP    | =     | =    | -
      2025-11-25 | PUT                           |                                  | NOT MCP    | =     | =    | -
      2025-11-25 | PATCH                         |                                  | NOT MCP    | =     | =    | -
      2025-11-25 | OPTIONS                       |                                  | NOT MCP    | =     | =    | -
      2025-11-25 | TRACE                         |                                  | NOT MCP    | =     | =    | -

      2025-03-26 | BATCH ping                    | {}                               | 200 results | =    | GONE | -

      2026-07-28 | POST server/discover          | {}                               | 200 result | =     | -    | -
      2026-07-28 | POST tools/list               | {}                               | 200 result | =     | -    | -
      2026-07-28 | POST tools/call               | {'name':'locked'}                | 200 result | NEEDS | -    | -
      2026-07-28 | POST tools/call               | {'name':'slow'}                  | 200 result | NEEDS | -    | -
      2026-07-28 | POST tools/call               | {'name':'open'}                  | 200 result | =     | -    | -
      2026-07-28 | POST tools/call               | {'name':'ask','requestState':'STATE','inputResponses':{}} \
                                                                                    | 200 result | =     | -    | NO STATE
      2026-07-28 | POST tasks/get                | {'taskId':'TASK'}                | 200 result | =     | -    | NO TASK
      2026-07-28 | POST tasks/update             | {'taskId':'TASK','inputResponses':{}} | 200 result | = | -   | NO TASK
      2026-07-28 | POST tasks/cancel             | {'taskId':'TASK'}                | 200 result | =     | -    | NO TASK
      2026-07-28 | POST resources/list           | {}                               | 200 result | =     | -    | -
      2026-07-28 | POST resources/templates/list | {}                               | 200 result | =     | -    | -
      2026-07-28 | POST resources/read           | {'uri':'kitchen://locked'}       | 200 result | NEEDS | -    | -
      2026-07-28 | POST resources/read           | {'uri':'locked://soup'}          | 200 result | NEEDS | -    | -
      2026-07-28 | POST prompts/list             | {}                               | 200 result | =     | -    | -
      2026-07-28 | POST prompts/get              | {'name':'locked'}                | 200 result | NEEDS | -    | -
      2026-07-28 | POST completion/complete      | {'ref':{'type':'ref/prompt','name':'locked'},'argument':{'name':'dish','value':''}} \
                                                                                    | 200 result | NEEDS | -    | -
      2026-07-28 | POST completion/complete      | {'ref':{'type':'ref/resource','uri':'locked://{dish}'},'argument':{'name':'dish','value':''}} \
                                                                                    | 200 result | NEEDS | -    | -
      2026-07-28 | POST subscriptions/listen     | {'notifications':{'toolsListChanged':true}} \
                                                                                    | 200 stream of toolsListChanged | = | - | -
      2026-07-28 | POST subscriptions/listen     | {'notifications':{'resourceSubscriptions':['kitchen://locked']}} \
                                                                                    | 200 stream of resourceSubscriptions | NEEDS | - | -
      2026-07-28 | POST subscriptions/listen     | {'notifications':{'taskIds':['TASK']}} \
                                                                                    | 200 stream of taskIds | = | - | 200 stream
      2026-07-28 | POST initialize               | {}                               | 404 -32601 Method not found: initialize | = | - | -
      2026-07-28 | POST no/method                | {}                               | 404 -32601 Method not found: no/method | = | - | -
      2026-07-28 | NOTIFY notifications/cancelled | {'requestId':1}                 | 202        | =     | -    | -
      2026-07-28 | RESPOND                       | {}                               | 400 -32600 2026-07-28 has no responses from clients | = | - | -
      2026-07-28 | BATCH ping                    | {}                               | 400 -32600 a 2026-07-28 request cannot be part of a batch | = | - | -
      2026-07-28 | GET                           |                                  | NO STREAM  | =     | -    | -
      2026-07-28 | RESUME                        |                                  | NO STREAM  | =     | -    | NO STREAM
      2026-07-28 | DELETE                        |                                  | NO STREAM  | =     | -    | -
      """;

  private AccessTable() {}

  /// What a request brings.
  ///
  /// @param role whose it is, of those who are let in
  /// @param refusal to those who are not
  record Credential(String name, String verdict, String role, String refusal) {
    private static Credential of(String... cells) {
      if (cells[1].equals("Known")) {
        return new Credential(cells[0], cells[1], cells[2], "");
      }
      var header = cells[4].equals("-") ? "" : "; " + spelled(cells[4]).formatted(cells[3]);
      return new Credential(cells[0], cells[1], "", cells[2] + " -32000 " + cells[3] + header);
    }

    boolean isLetIn() {
      return refusal.isEmpty();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /// What is open to all.
  ///
  /// @param answers the status by method; to others it is a 405 that lists these
  record Open(String path, Map<String, Integer> answers) {
    private static Open of(String... cells) {
      var answers = new LinkedHashMap<String, Integer>();
      for (var answer : cells[1].split(", ", -1)) {
        var said = answer.split(" ", -1);
        answers.put(said[0], Integer.valueOf(said[1]));
      }
      return new Open(cells[0], answers);
    }
  }

  /// What is asked at a path of MCP.
  ///
  /// @param verb the HTTP method, or what is sent by POST
  /// @param says the JSON-RPC method; empty where there is none
  /// @param session to a stranger who names the owner's session; `-`: needs none
  /// @param thing to a stranger who names another thing of the owner; `-`: there is none
  record Operation(
      String revision,
      String verb,
      String says,
      String params,
      String owner,
      String fewer,
      String session,
      String thing) {
    private static Operation of(String... cells) {
      for (var i = 4; i < cells.length; i++) {
        cells[i] = cells[i].equals("=") ? cells[i - 1] : cells[i];
      }
      var verb = (cells[1] + " ").split(" ", 2);
      return new Operation(
          cells[0],
          verb[0],
          verb[1].strip(),
          cells[2].replace('\'', '"'),
          spelled(cells[3]),
          spelled(cells[4]),
          spelled(cells[5]),
          spelled(cells[6]));
    }

    boolean isStateless() {
      return revision.equals("2026-07-28");
    }

    /// Whether it begins a stream that does not end by itself.
    boolean lasts() {
      return verb.equals("GET") || verb.equals("RESUME") || listens();
    }

    /// Whether that stream begins by saying what it is of.
    boolean listens() {
      return says.equals("subscriptions/listen");
    }

    @Override
    public String toString() {
      return revision + " " + verb + " " + says + " " + params;
    }
  }

  private static String spelled(String cell) {
    return WORDS.getOrDefault(cell, cell);
  }

  private static <T> List<T> rows(String table, int cells, Function<String[], T> row) {
    return table
        .lines()
        .filter(line -> !line.isBlank())
        .map(line -> line.split("\\|", -1))
        .peek(line -> {
          if (line.length != cells) {
            throw new AssertionError("a row has " + cells + " cells: " + Arrays.toString(line));
          }
        })
        .map(line -> Arrays.stream(line).map(String::strip).toArray(String[]::new))
        .map(row)
        .toList();
  }

  static List<Credential> credentials() {
    return rows(CREDENTIALS, 5, Credential::of);
  }

  static List<Open> open() {
    return rows(OPEN, 2, Open::of);
  }

  static List<Operation> operations() {
    return rows(OPERATIONS, 7, Operation::of);
  }
}
