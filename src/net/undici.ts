import { createRequire } from 'node:module';
import type { EnvHttpProxyAgent } from 'undici';

type Agent = typeof EnvHttpProxyAgent;

/**
 * The parts of undici that a download needs, put together as its own index.js does. All of it, with what `fetch`, WebSocket and its mocks are made
 * of, takes 110 ms more to load. Its version is held in package.json; test/unit/net/ uses all that is taken here.
 */
export function loadAgent(): Agent {
  const require = createRequire(import.meta.url);
  const { prototype } = require('undici/lib/dispatcher/dispatcher.js') as { prototype: object };
  Object.assign(prototype, {
    request: require('undici/lib/api/api-request.js') as unknown,
    // A tunnel through a proxy.
    connect: require('undici/lib/api/api-connect.js') as unknown,
  });
  return require('undici/lib/dispatcher/env-http-proxy-agent.js') as Agent;
}
