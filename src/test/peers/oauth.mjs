// node oauth.mjs provider RESOURCE FORMAT: an identity provider that lets everybody in as "ada"; prints `issuer "URL"`.
// node oauth.mjs flow URL: the SDK's client finds its way in by itself, and asks for more when it needs more; prints `result {...}`.
import http from 'node:http';
import { Client, StreamableHTTPClientTransport, UnauthorizedError } from '@modelcontextprotocol/client';
import { say, textOf } from './lines.mjs';

const CALLBACK = 'http://127.0.0.1:1/callback';
const SCOPES = ['orders:read', 'orders:write'];

/** @param format of access tokens: jwt or opaque */
async function provide(resource, format) {
  const { default: Provider, errors } = await import('oidc-provider');
  const server = http.createServer();
  await new Promise(listening => server.listen(0, '127.0.0.1', listening));
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'trunkline',
        client_secret: 'a secret: 100%',
        redirect_uris: [],
        grant_types: [],
        response_types: [],
      },
      {
        client_id: 'peer',
        redirect_uris: [CALLBACK],
        token_endpoint_auth_method: 'none',
        application_type: 'native',
      },
    ],
    scopes: SCOPES,
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: false },
      introspection: { enabled: true, allowedPolicy: async () => true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo(_ctx, indicated) {
          if (indicated !== resource) throw new errors.InvalidTarget();
          return { scope: SCOPES.join(' '), audience: resource, accessTokenFormat: format, accessTokenTTL: 300 };
        },
      },
    },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_ctx, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
    async loadExistingGrant(ctx) {
      const grant = new provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      const scope = ctx.oidc.params.scope ?? '';
      grant.addOIDCScope(scope);
      grant.addResourceScope(resource, scope);
      await grant.save();
      return grant;
    },
  });
  const answer = provider.callback();
  server.on('request', (request, response) => {
    if (request.url.startsWith('/interaction/')) {
      provider.interactionFinished(request, response, { login: { accountId: 'ada' }, consent: {} });
    } else {
      answer(request, response);
    }
  });
  say('issuer', issuer);
}

/** A user who agrees to everything, without a browser: follows the redirects until they lead back to the client. */
async function agree(url) {
  const cookies = new Map();
  for (let hops = 0; hops < 20; hops++) {
    const cookie = [...cookies].map(pair => pair.join('=')).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const each of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(each);
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (!location) throw new Error(`${response.status} at ${url}: ${await response.text()}`);
    url = new URL(location, url);
    if (url.href.startsWith(CALLBACK)) return url.searchParams;
  }
  throw new Error('no end of redirects');
}

class Wallet {
  #kept = {};
  asked = [];
  clientMetadata = {
    client_name: 'peer',
    redirect_uris: [CALLBACK],
    grant_types: ['authorization_code'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    application_type: 'native',
  };
  get redirectUrl() {
    return CALLBACK;
  }
  clientInformation = () => ({ client_id: 'peer' });
  tokens = () => this.#kept.tokens;
  saveTokens = tokens => void (this.#kept.tokens = tokens);
  saveCodeVerifier = verifier => void (this.#kept.verifier = verifier);
  codeVerifier = () => this.#kept.verifier;
  saveDiscoveryState = state => void (this.#kept.discovery = state);
  discoveryState = () => this.#kept.discovery;
  redirectToAuthorization = url => void this.asked.push(url);
}

async function flow(url) {
  const wallet = new Wallet();
  const seen = { requests: [], metadata: [], errors: [] };
  const recorded = async (input, init) => {
    const response = await fetch(input, init);
    const place = new URL(input instanceof Request ? input.url : input);
    if (place.origin === new URL(url).origin) {
      seen.requests.push(`${init?.method ?? 'GET'} ${place.pathname} ${response.status}`);
    }
    return response;
  };
  /** Does something; when that leads to the user, who agrees, does it again. */
  const persist = async (transport, action) => {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof UnauthorizedError)) throw error;
      await transport.finishAuth(await agree(wallet.asked.at(-1)));
      return await action();
    }
  };
  const newTransport = () => new StreamableHTTPClientTransport(new URL(url), { authProvider: wallet, fetch: recorded });
  let transport = newTransport();
  let client;
  await persist(transport, async () => {
    transport = client ? newTransport() : transport;
    client = new Client({ name: 'peer', version: '2' }, { versionNegotiation: { mode: 'auto' } });
    await client.connect(transport);
  });
  const call = name => persist(transport, () => client.callTool({ name, arguments: {} }));
  const first = textOf(await call('read_orders'));
  const granted = wallet.tokens().scope;
  const second = textOf(await call('cancel_order'));
  const third = textOf(await call('read_orders'));
  await client.close();
  say('result', {
    ...seen,
    first,
    granted,
    second,
    third,
    grantedThen: wallet.tokens().scope,
    asked: wallet.asked.map(each => Object.fromEntries(each.searchParams)),
  });
}

const [command, ...rest] = process.argv.slice(2);
await { provider: provide, flow }[command](...rest).catch(error => {
  console.log(error.stack ?? String(error), error.cause ?? '');
  process.exit(1);
});
