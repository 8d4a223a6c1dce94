// node scenarios.mjs SCENARIO URL: runs one, prints `result {...}`.
import { CallToolResultSchema, PromptSchema, ResourceTemplateSchema, ToolSchema } from '@modelcontextprotocol/sdk/types.js';
import { connect } from './client.mjs';
import { say, textOf } from './lines.mjs';
import { least, misread, unsound } from './strict.mjs';

/** How long a client must stay calm to be called calm: its retry is one second. */
const CALM_MILLIS = 4500;
const calm = () => new Promise(resolve => setTimeout(resolve, CALM_MILLIS));

const caught = promise => promise.then(() => null, error => ({ code: error.code, message: error.message }));

const scenarios = {
  /** Every kind of thing that a client asks for, and that a server asks of it. */
  async features({ client, transport, seen, bell }) {
    const tools = (await client.listTools()).tools.map(tool => tool.name);
    const resources = (await client.listResources()).resources.map(resource => resource.uri);
    const templates = (await client.listResourceTemplates()).resourceTemplates.map(template => template.uriTemplate);
    const prompts = (await client.listPrompts()).prompts.map(prompt => prompt.name);
    const call = (name, args, options) => client.callTool({ name, arguments: args }, CallToolResultSchema, options);
    const city = (await client.readResource({ uri: 'sample://cities/Lisbon' })).contents[0].text;
    const completed = (
      await client.complete({ ref: { type: 'ref/prompt', name: 'travel_guide' }, argument: { name: 'city', value: 'Li' } })
    ).completion.values;
    const prompt = (await client.getPrompt({ name: 'travel_guide', arguments: { city: 'Lisbon' } })).messages.length;
    await call('add_note', { text: 'remember' });
    const notes = (await call('list_notes', {})).structuredContent.notes;
    const ordered = textOf(await call('order_pizza', { guests: 2 }));
    const summarized = textOf(await call('summarize', { text: 'a long story' }));
    const roots = textOf(await call('show_roots', {}));
    const progress = [];
    await client.setLoggingLevel('debug');
    const baked = textOf(await call('bake', { seconds: 1 }, { onprogress: ({ progress: step }) => progress.push(step) }));
    const logged = [...seen.logs];
    await client.ping();
    await client.subscribeResource({ uri: 'sample://clock' });
    await call('run_clock', { seconds: 1 });
    await bell.until('an update', () => seen.updates.length > 0);
    await client.unsubscribeResource({ uri: 'sample://clock' });
    await call('hide_surprise', { hidden: true });
    await bell.until('the list has changed', () => seen.toolChanges > 0);
    const hidden = !(await client.listTools()).tools.some(tool => tool.name === 'surprise');
    await call('hide_surprise', { hidden: false });
    const stop = new AbortController();
    const cancelled = await caught(
      call('bake', { seconds: 60 }, { signal: stop.signal, onprogress: () => stop.abort('enough') }),
    );
    const unknown = await caught(client.readResource({ uri: 'sample://nowhere' }));
    await transport.terminateSession();
    const { updates } = seen;
    return {
      server: client.getServerVersion().name, tools, resources, templates, prompts, city, completed, prompt, notes,
      ordered, asked: seen.asked, summarized, roots, baked, progress, logged, updates, hidden, cancelled, unknown,
    };
  },

  /** Calls that run as tasks: one asks, one is fetched when it is done, one is cancelled. */
  async tasks({ client, seen }) {
    const supported = (await client.listTools()).tools.filter(tool => tool.execution?.taskSupport).map(tool => tool.name);
    const tasks = client.experimental.tasks;
    const follow = async (name, args) => {
      const steps = [];
      for await (const step of tasks.callToolStream({ name, arguments: args }, CallToolResultSchema, { task: { ttl: 60000 } })) {
        steps.push(step);
      }
      return steps;
    };
    const ordered = await follow('order_pizza', { guests: 3 });
    const baked = await follow('bake', { seconds: 1 });
    const begun = tasks.callToolStream({ name: 'bake', arguments: { seconds: 60 } }, CallToolResultSchema, { task: {} });
    const { taskId } = (await begun.next()).value.task;
    const cancelled = (await tasks.cancelTask(taskId)).status;
    const looked = (await tasks.getTask(taskId)).status;
    const again = await caught(tasks.cancelTask(taskId));
    const unlisted = await caught(tasks.listTasks());
    return {
      supported, asked: seen.asked, steps: ordered.map(step => step.type), ordered: textOf(ordered.at(-1).result),
      baked: textOf(baked.at(-1).result), related: baked.at(-1).result._meta, cancelled, looked, again, unlisted,
    };
  },

  /** The test cuts all connections at the first progress. */
  async resume({ client, seen }) {
    const progress = [];
    const baked = await client.callTool({ name: 'bake', arguments: { seconds: 3 } }, CallToolResultSchema, {
      timeout: 30000,
      onprogress: ({ progress: step }) => progress.push(step) === 1 && say('progress'),
    });
    return { baked: textOf(baked), progress, gets: seen.gets };
  },

  /** The test cuts all connections, each time as soon as the call's has brought an event id. */
  async silence({ client, seen }) {
    let tokens = 0;
    const answer = await client.callTool({ name: 'fall_silent', arguments: {} }, CallToolResultSchema, {
      timeout: 30000,
      onprogress: () => {},
      onresumptiontoken: token => say(`token ${++tokens}`, token),
    });
    return { text: textOf(answer), gets: seen.gets };
  },

  /** The test shouts while the stream is open. */
  async listen({ seen, bell }) {
    say('listening');
    await bell.until('a broadcast', () => seen.logs.includes('the last one'));
    return { logs: seen.logs, gets: seen.gets };
  },

  /** A streamed call that ends in an error is no response to the SDK: it resumes. */
  async failing({ client, seen }) {
    const failed = await caught(
      client.callTool({ name: 'fail_later', arguments: {} }, CallToolResultSchema, { onprogress: () => {} }),
    );
    await calm();
    return { failed, gets: seen.gets };
  },

  /** A cancelled call has no response at all. */
  async cancelling({ client, seen }) {
    const stop = new AbortController();
    const cancelled = await caught(
      client.callTool({ name: 'bake', arguments: { seconds: 60 } }, CallToolResultSchema, {
        signal: stop.signal,
        onprogress: () => stop.abort('enough'),
      }),
    );
    await calm();
    return { cancelled, gets: seen.gets };
  },

  /** Two GETs without an id: the older is parked, neither comes back for more. */
  async parking({ client, transport, seen, bell }) {
    await transport._startOrAuthSse({ resumptionToken: undefined });
    await calm();
    await client.callTool({ name: 'shout', arguments: { text: 'once' } });
    await bell.until('a broadcast', () => seen.logs.includes('once'));
    return { gets: seen.gets, logs: seen.logs };
  },

  /** Lists everything and holds it to the letter, then calls the named tools with the least that each takes. */
  async strict({ client, transport }, callable) {
    const { tools } = await client.listTools();
    const { prompts } = await client.listPrompts();
    const { resourceTemplates } = await client.listResourceTemplates();
    const wrong = [
      ...tools.flatMap(tool => misread(ToolSchema, tool).concat(unsound(tool))),
      ...prompts.flatMap(prompt => misread(PromptSchema, prompt)),
      ...resourceTemplates.flatMap(template => misread(ResourceTemplateSchema, template)),
    ];
    const answers = {};
    for (const tool of tools.filter(each => callable.includes(each.name))) {
      const args = least(tool.inputSchema, { sessionId: transport.sessionId });
      const answer = await client.callTool({ name: tool.name, arguments: args }).catch(error => ({ error: error.message }));
      answers[tool.name] = answer.error ?? (answer.isError ? textOf(answer) : 'ok');
    }
    return { listed: tools.map(tool => tool.name), wrong, answers };
  },
};

const [name, url, ...more] = process.argv.slice(2);
try {
  const connected = await connect(url);
  say('result', await scenarios[name](connected, more));
  await connected.client.close();
  process.exit(0);
} catch (error) {
  console.error(error);
  process.exit(1);
}
