// node stateless.mjs SCENARIO URL: the SDK's second client, which speaks both eras; prints `result {...}`.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Bell, say, textOf } from './lines.mjs';

const caught = promise => promise.then(() => null, error => ({ code: error.code, message: error.message, data: error.data }));

/** A client that can do everything, and a record of what it sent where. */
async function connect(url, mode, misled = false) {
  const bell = new Bell();
  const seen = { methods: [], instances: new Set(), asked: [], toolChanges: 0, updates: [], errors: [], bodies: [] };
  const recorded = async (input, init) => {
    const response = await fetch(input, init);
    const { id, method = 'response' } = init?.method === 'POST' ? JSON.parse(init.body) : { method: init?.method };
    seen.methods.push(method);
    seen.instances.add(response.headers.get('trunkline-instance'));
    if (response.headers.get('content-type')?.startsWith('application/json')) {
      seen.bodies.push(await response.clone().json());
    }
    return misled && method === 'server/discover' ? Response.json({ jsonrpc: '2.0', id, result: {} }) : response;
  };
  const client = new Client(
    { name: 'peer', version: '2' },
    {
      capabilities: {
        elicitation: { form: {} },
        sampling: {},
        roots: {},
        extensions: { 'io.modelcontextprotocol/tasks': {} },
      },
      versionNegotiation: { mode },
    },
  );
  client.onerror = error => seen.errors.push(String(error));
  client.setRequestHandler('elicitation/create', ({ params }) => {
    seen.asked.push(params.message);
    const texts = Object.entries(params.requestedSchema.properties).filter(([, property]) => property.type === 'string');
    return { action: 'accept', content: Object.fromEntries(texts.map(([name, { enum: words }]) => [name, words?.at(-1) ?? 'Ada'])) };
  });
  client.setRequestHandler('sampling/createMessage', ({ params }) => ({
    model: 'none',
    role: 'assistant',
    content: { type: 'text', text: `shorter: ${[params.messages[0].content].flat()[0].text}` },
  }));
  client.setRequestHandler('roots/list', () => ({ roots: [{ uri: 'file:///peer', name: 'peer' }] }));
  client.setNotificationHandler('notifications/tools/list_changed', () => {
    seen.toolChanges++;
    bell.poke();
  });
  client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
    seen.updates.push(params.uri);
    bell.poke();
  });
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { fetch: recorded }));
  return { client, seen, bell };
}

/** What a client of either era can do in the same words. */
async function features({ client, seen }) {
  const call = (name, args, options) => client.callTool({ name, arguments: args }, options);
  const tools = (await client.listTools()).tools.map(tool => tool.name);
  const resources = (await client.listResources()).resources.map(resource => resource.uri);
  const templates = (await client.listResourceTemplates()).resourceTemplates.map(template => template.uriTemplate);
  const prompts = (await client.listPrompts()).prompts.map(prompt => prompt.name);
  const city = (await client.readResource({ uri: 'sample://cities/Lisbon' })).contents[0].text;
  const completed = (
    await client.complete({ ref: { type: 'ref/prompt', name: 'travel_guide' }, argument: { name: 'city', value: 'Li' } })
  ).completion.values;
  const computed = (await call('calculate', { a: 6, b: 7, operation: 'MULTIPLY' })).structuredContent.value;
  const ordered = textOf(await call('order_pizza', { guests: 2 }).catch(error => ({ content: [{ text: String(error) }] })));
  const summarized = textOf(await call('summarize', { text: 'a long story' }));
  const roots = textOf(await call('show_roots', {}));
  const rounds = textOf(await call('test_input_required_result_multi_round', {}));
  const together = textOf(await call('test_input_required_result_multiple_inputs', {}));
  const written = (await client.getPrompt({ name: 'test_input_required_result_prompt' })).messages[0].content.text;
  const progress = [];
  await call('test_tool_with_progress', {}, { onprogress: step => progress.push(step.progress) });
  const routed = textOf(await call('test_custom_header', { region: ' eü' }));
  const failed = await call('test_error_handling', {});
  const unknown = await caught(client.readResource({ uri: 'sample://nowhere' }));
  return {
    revision: client.getNegotiatedProtocolVersion(), server: client.getServerVersion().name, tools, resources, templates,
    prompts, city, completed, computed, ordered, summarized, roots, rounds, together, written, progress, routed,
    failed: failed.isError, unknown, asked: seen.asked, methods: [...new Set(seen.methods)],
    instances: [...seen.instances], errors: seen.errors,
  };
}

const scenarios = {
  /** Probes, and stays with what it was told. */
  negotiating: async url => features(await connect(url, 'auto')),

  /** Is sure of the stateless era and asks nobody. */
  pinned: async url => features(await connect(url, { pin: '2026-07-28' })),

  /** Never heard of it. */
  legacy: async url => features(await connect(url, 'legacy')),

  /** Was answered, does not understand, and opens a session all the same. */
  misled: async url => features(await connect(url, 'auto', true)),

  /** Hears of what changes elsewhere; two ears, each for its own. */
  async listening(url) {
    const { client, seen, bell } = await connect(url, 'auto');
    const tools = await client.listen({ toolsListChanged: true });
    const clock = await client.listen({ resourceSubscriptions: ['sample://clock'] });
    await client.callTool({ name: 'hide_surprise', arguments: { hidden: true } });
    await bell.until('the list has changed', () => seen.toolChanges > 0);
    const hidden = !(await client.listTools()).tools.some(tool => tool.name === 'surprise');
    await client.callTool({ name: 'hide_surprise', arguments: { hidden: false } });
    await client.callTool({ name: 'run_clock', arguments: { seconds: 1 } });
    await bell.until('an update', () => seen.updates.length > 0);
    const honored = [tools.honoredFilter, clock.honoredFilter];
    await clock.close();
    await tools.close();
    return { honored, hidden, updates: seen.updates, closed: await tools.closed, errors: seen.errors };
  },

  /** The client leaves tasks to whoever uses it: it does not know their results, and sends what it is told to. */
  async tasks(url) {
    const { client, seen } = await connect(url, 'auto');
    const anything = { '~standard': { version: 1, vendor: 'peer', validate: value => ({ value }) } };
    const request = (method, params) => client.request({ method, params }, anything);
    const begin = async (name, args) => {
      const { data } = await caught(client.callTool({ name, arguments: args }));
      return { kind: data.resultType, taskId: seen.bodies.at(-1).result.taskId };
    };
    const until = async (taskId, ...statuses) => {
      for (let looks = 0; looks < 200; looks++) {
        const task = await request('tasks/get', { taskId });
        if (statuses.includes(task.status)) return task;
        await new Promise(resolve => setTimeout(resolve, 50));
      }
      throw new Error(`never ${statuses}`);
    };
    const asking = await begin('confirm_delete', { filename: 'a.txt' });
    const asked = (await until(asking.taskId, 'input_required')).inputRequests;
    const inputResponses = { [Object.keys(asked)[0]]: { action: 'accept', content: { confirm: true } } };
    await request('tasks/update', { taskId: asking.taskId, inputResponses });
    const deleted = textOf((await until(asking.taskId, 'completed')).result);
    const slow = await begin('slow_compute', { seconds: 60 });
    await request('tasks/cancel', { taskId: slow.taskId });
    const cancelled = (await until(slow.taskId, 'cancelled', 'completed', 'failed')).status;
    const later = await begin('test_tool_with_task', {});
    const greeted = textOf((await until(later.taskId, 'completed')).result);
    const unknown = await caught(request('tasks/get', { taskId: 'nobody' }));
    return {
      kinds: [asking.kind, slow.kind, later.kind], messages: Object.values(asked).map(({ params }) => params.message),
      deleted, cancelled, greeted, asked: seen.asked, unknown, instances: [...seen.instances], errors: seen.errors,
    };
  },

  /** The test stops the instance that it listens to. */
  async draining(url) {
    const { client } = await connect(url, { pin: '2026-07-28' });
    const tools = await client.listen({ toolsListChanged: true });
    say('listening');
    return { closed: await tools.closed };
  },
};

const [name, url] = process.argv.slice(2);
try {
  say('result', await scenarios[name](url));
  process.exit(0);
} catch (error) {
  console.error(error);
  process.exit(1);
}
