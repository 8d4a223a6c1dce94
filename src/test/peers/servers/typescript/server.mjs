// The server of the TypeScript SDK as its examples jsonResponseStreamableHttp and simpleStreamableHttp write it: Express, a
// transport for each session, answers as events unless it is told `json`. Without an event store, which would only cost.
// Says its port, and ends with its standard input.
import { randomUUID } from 'node:crypto';
import { createMcpExpressApp } from '@modelcontextprotocol/sdk/server/express.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { isInitializeRequest } from '@modelcontextprotocol/sdk/types.js';
import * as z from 'zod/v4';

const enableJsonResponse = process.argv[2] === 'json';

function server() {
  const server = new McpServer({ name: 'peer', version: '1.0.0' });
  server.registerTool(
    'echo',
    { description: 'Answers the text', inputSchema: { text: z.string() } },
    async ({ text }) => ({ content: [{ type: 'text', text }] }),
  );
  return server;
}

const transports = new Map();
const app = createMcpExpressApp();

app.post('/mcp', async (request, response) => {
  const id = request.headers['mcp-session-id'];
  let transport = id && transports.get(id);
  if (!transport) {
    if (id || !isInitializeRequest(request.body)) {
      response.status(404).end();
      return;
    }
    transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      enableJsonResponse,
      onsessioninitialized: (session) => transports.set(session, transport),
    });
    transport.onclose = () => transports.delete(transport.sessionId);
    await server().connect(transport);
  }
  await transport.handleRequest(request, response, request.body);
});

const listening = app.listen(0, '127.0.0.1', (error) => {
  if (error) throw error;
  console.log(`bench> ${listening.address().port}`);
});
process.stdin.on('end', () => process.exit(0)).resume();
