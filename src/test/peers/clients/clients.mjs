// The clients that people use, each doing what it is used for. The first argument picks one; the others are its server.
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import {
  ElicitRequestSchema,
  LoggingMessageNotificationSchema,
  ResourceUpdatedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';

const run = promisify(execFile);
const say = (what, value) => console.log(`${what} ${JSON.stringify(value ?? null)}`);
const textOf = result => result.content[0].text;
const pizza = { action: 'accept', content: { size: 'LARGE', toppings: ['OLIVES'] } };
const sum = { a: 40, operation: 'ADD', b: 2 };

/** The file behind a command of a package. */
function program(name, bin) {
  const file = createRequire(import.meta.url).resolve(`${name}/package.json`, { paths: [process.cwd()] });
  const { bin: bins } = createRequire(import.meta.url)(file);
  return join(dirname(file), bins[bin]);
}

/** The official client over the standard streams of a program. */
async function overStdio(command, args) {
  const client = new Client({ name: 'peer', version: '1' }, { capabilities: { elicitation: {} } });
  const seen = { asked: [], progress: [], updates: [], logs: [] };
  const updated = new Promise(resolve => {
    client.setNotificationHandler(ResourceUpdatedNotificationSchema, n => {
      seen.updates.push(n.params.uri);
      resolve();
    });
  });
  client.setRequestHandler(ElicitRequestSchema, request => {
    seen.asked.push(request.params.message);
    return pizza;
  });
  client.setNotificationHandler(LoggingMessageNotificationSchema, n => void seen.logs.push(n.params.data));
  const transport = new StdioClientTransport({
    command,
    args,
    stderr: 'inherit',
    env: { ...process.env, MCP_REMOTE_CONFIG_DIR: join(process.cwd(), 'mcp-remote') },
  });
  await client.connect(transport);
  return { client, seen, updated };
}

/** Fails so many seconds from now. */
const late = seconds =>
  new Promise((_, reject) => setTimeout(() => reject(new Error(`no update within ${seconds} s`)), seconds * 1000).unref());

async function everything({ client, seen, updated }) {
  seen.server = client.getServerVersion().name;
  seen.tools = (await client.listTools()).tools.map(tool => tool.name);
  seen.sum = (await client.callTool({ name: 'calculate', arguments: sum })).structuredContent.value;
  seen.ordered = textOf(await client.callTool({ name: 'order_pizza', arguments: { guests: 2 } }));
  const onprogress = report => void seen.progress.push(report.progress);
  seen.baked = textOf(await client.callTool({ name: 'bake', arguments: { seconds: 1 } }, undefined, { onprogress }));
  await client.subscribeResource({ uri: 'sample://clock' });
  await client.callTool({ name: 'run_clock', arguments: { seconds: 1 } });
  await Promise.race([updated, late(45)]);
  seen.city = (await client.readResource({ uri: 'sample://cities/Lisbon' })).contents[0].text;
  return seen;
}

const bridge = url => [program('mcp-remote', 'mcp-remote'), url, '--allow-http', '--transport', 'http-only'];

const clients = {
  /** The official client, and a server that it starts. */
  async stdio(command, ...args) {
    const opened = await overStdio(command, args);
    const seen = await everything(opened);
    const closing = Date.now();
    await opened.client.close();
    seen.closed = Date.now() - closing;
    return seen;
  },

  async 'mcp-remote'(url) {
    const opened = await overStdio(process.execPath, bridge(url));
    const seen = await everything(opened);
    await opened.client.close();
    return seen;
  },

  /** One whose call's instance is taken away meanwhile. */
  async 'mcp-remote-killed'(url) {
    const { client, seen } = await overStdio(process.execPath, bridge(url));
    const onprogress = report => say('progress', report.progress);
    try {
      seen.baked = textOf(
        await client.callTool({ name: 'bake', arguments: { seconds: 8 } }, undefined, { onprogress }),
      );
    } catch (error) {
      seen.failed = error.message;
    }
    seen.sum = (await client.callTool({ name: 'calculate', arguments: sum })).structuredContent.value;
    seen.ordered = textOf(await client.callTool({ name: 'order_pizza', arguments: { guests: 2 } }));
    await client.close();
    return seen;
  },

  async supergateway(url) {
    const opened = await overStdio(process.execPath, [
      program('supergateway', 'supergateway'), '--streamableHttp', url, '--logLevel', 'none',
    ]);
    const { client, seen } = opened;
    seen.tools = (await client.listTools()).tools.map(tool => tool.name);
    seen.sum = (await client.callTool({ name: 'calculate', arguments: sum })).structuredContent.value;
    seen.baked = textOf(await client.callTool({ name: 'bake', arguments: { seconds: 1 } }));
    await client.close();
    return seen;
  },

  async inspector(url) {
    const inspect = async (...args) => {
      const command = [program('@modelcontextprotocol/inspector', 'inspector'), '--cli', url, '--transport', 'http'];
      const { stdout } = await run(process.execPath, [...command, ...args], { timeout: 60000 });
      return JSON.parse(stdout);
    };
    const call = ['--method', 'tools/call', '--tool-name', 'calculate'];
    return {
      tools: (await inspect('--method', 'tools/list')).tools.map(tool => tool.name),
      sum: (await inspect(...call, '--tool-arg', 'a=40', 'operation=ADD', 'b=2')).structuredContent.value,
      city: (await inspect('--method', 'resources/read', '--uri', 'sample://cities/Lisbon')).contents[0].text,
    };
  },

  async 'ai-sdk'(url) {
    const { createMCPClient, ElicitationRequestSchema } = await import('@ai-sdk/mcp');
    const client = await createMCPClient({ transport: { type: 'http', url }, capabilities: { elicitation: {} } });
    const seen = { asked: [] };
    client.onElicitationRequest(ElicitationRequestSchema, async request => {
      seen.asked.push(request.params.message);
      return pizza;
    });
    const tools = await client.tools();
    const call = (name, args) => tools[name].execute(args, { messages: [], toolCallId: name });
    seen.tools = Object.keys(tools);
    seen.sum = (await call('calculate', sum)).structuredContent.value;
    seen.ordered = textOf(await call('order_pizza', { guests: 2 }));
    seen.baked = textOf(await call('bake', { seconds: 1 }));
    await client.close();
    return seen;
  },

  async langchain(url) {
    const { MultiServerMCPClient } = await import('@langchain/mcp-adapters');
    const client = new MultiServerMCPClient({ mcpServers: { trunkline: { transport: 'http', url } } });
    const tools = await client.getTools();
    const call = (name, args) => tools.find(tool => tool.name === name).invoke(args);
    const seen = { tools: tools.map(tool => tool.name) };
    seen.sum = (await call('calculate', sum)).structuredContent.value;
    seen.baked = await call('bake', { seconds: 1 });
    await client.close();
    return seen;
  },

  async openai(url) {
    const { MCPServerStreamableHttp } = await import('@openai/agents');
    const server = new MCPServerStreamableHttp({ url, name: 'trunkline' });
    await server.connect();
    const seen = { tools: (await server.listTools()).map(tool => tool.name) };
    seen.sum = JSON.parse((await server.callTool('calculate', sum))[0].text).value;
    seen.baked = (await server.callTool('bake', { seconds: 1 }))[0].text;
    await server.close();
    return seen;
  },
};

const [name, ...server] = process.argv.slice(2);
try {
  say('result', await clients[name](...server));
  process.exit(0);
} catch (error) {
  console.error(error);
  process.exit(1);
}
