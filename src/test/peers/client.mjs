// The SDK's client with everything a server may ask of it, and a record of the requests it makes.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  LoggingMessageNotificationSchema,
  ResourceUpdatedNotificationSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { Bell } from './lines.mjs';

export async function connect(url) {
  const bell = new Bell();
  const seen = { gets: [], logs: [], toolChanges: 0, updates: [], errors: [], asked: [] };
  const recorded = async (input, init) => {
    if (init?.method !== 'GET') return fetch(input, init);
    const get = { lastEventId: init.headers.get('last-event-id') };
    seen.gets.push(get);
    const response = await fetch(input, init);
    get.status = response.status;
    get.instance = response.headers.get('trunkline-instance');
    bell.poke();
    return response;
  };
  const client = new Client(
    { name: 'peer', version: '1' },
    { capabilities: { elicitation: { form: {} }, sampling: {}, roots: { listChanged: true } } },
  );
  client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
    seen.asked.push(params.message);
    return { action: 'accept', content: { size: 'LARGE', toppings: ['OLIVES'], glutenFree: true } };
  });
  client.setRequestHandler(CreateMessageRequestSchema, ({ params }) => ({
    model: 'none',
    role: 'assistant',
    content: { type: 'text', text: `shorter: ${params.messages[0].content.text}` },
  }));
  client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [{ uri: 'file:///peer', name: 'peer' }] }));
  client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => {
    seen.logs.push(params.data);
    bell.poke();
  });
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => {
    seen.toolChanges++;
    bell.poke();
  });
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => {
    seen.updates.push(params.uri);
    bell.poke();
  });
  client.onerror = error => seen.errors.push(String(error));
  const transport = new StreamableHTTPClientTransport(new URL(url), { fetch: recorded });
  await client.connect(transport);
  await bell.until('the standalone stream is open', () => seen.gets[0]?.status === 200);
  return { client, transport, seen, bell };
}
