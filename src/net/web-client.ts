import type { Dispatcher } from 'undici';
import { UpywError } from '../errors.js';
import { shownAddress } from '../shown-address.js';
import { shownUrl } from './location.js';
import { type Asked, netFailure } from './net-failure.js';
import { loadAgent } from './undici.js';

/** How long each wait of a request is, in milliseconds. */
export interface WebTimeouts {
  readonly connectMs: number;
  /** From the request to the first byte of the answer, and from one byte to the next. */
  readonly idleMs: number;
}

export interface WebClientOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly timeouts: WebTimeouts;
  /** `upyw/1.2.3` */
  readonly userAgent: string;
}

/** An answer whose body has not been read yet. */
export interface WebAnswer {
  /** Where it came from in the end. */
  readonly url: URL;
  readonly status: 200 | 206 | 304 | 416;
  readonly headers: Readonly<Record<string, string>>;
  /** Its pieces as they arrive. Throws `net/…`. */
  body(): AsyncGenerator<Uint8Array>;
  /** Lets go of what was not read. */
  discard(): void;
}

const redirects = new Set([301, 302, 303, 307, 308]);
const mostRedirects = 10;
/** No proxy reaches them. */
const ownAddresses = ['localhost', '127.0.0.1', '[::1]'];

/**
 * GET by HTTP, through the proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name; certificates by NODE_EXTRA_CA_CERTS and what else Node
 * has for them. undici is loaded, and a socket opened, with the first request.
 */
export class WebClient {
  readonly #options: WebClientOptions;
  #dispatcher: Dispatcher | undefined;

  constructor(options: WebClientOptions) {
    this.#options = options;
  }

  /**
   * Follows redirects; an answer that is none of 200, 206, 304 and 416 is an error.
   * @throws UpywError `net/…`; the signal's reason when it fires
   */
  async get(url: URL, headers: Readonly<Record<string, string>> = {}): Promise<WebAnswer> {
    const seen = new Set<string>();
    for (let at = url; ;) {
      seen.add(at.href);
      // A name and a password are for the server that they were given for.
      const answer = await this.#request(at, headers, at.origin === url.origin ? authorization(url) : {});
      const status = answer.statusCode;
      if (!redirects.has(status)) return this.#accept(url, at, answer);
      release(answer);
      const to = headerOf(answer, 'location');
      const next = to !== undefined && URL.canParse(to, at.href) ? new URL(to, at) : undefined;
      if (next === undefined || !/^https?:$/.test(next.protocol))
        throw new UpywError('net/refused', { url: shownUrl(url), status });
      if (seen.has(next.href) || seen.size >= mostRedirects)
        throw new UpywError('net/redirect-circle', { url: shownUrl(url), hops: seen.size });
      if (at.protocol === 'https:' && next.protocol === 'http:')
        throw new UpywError('net/insecure-redirect', { url: shownUrl(url), to: shownUrl(next) });
      at = next;
    }
  }

  /** Closes what is kept open for the next request. */
  async close(): Promise<void> {
    await this.#dispatcher?.destroy();
    this.#dispatcher = undefined;
  }

  async #request(url: URL, headers: Readonly<Record<string, string>>, own: Readonly<Record<string, string>>) {
    const { signal, userAgent } = this.#options;
    signal.throwIfAborted();
    try {
      this.#dispatcher ??= makeDispatcher(this.#options);
      return await this.#dispatcher.request({
        ...{ method: 'GET', origin: url.origin, path: url.pathname + url.search },
        signal,
        // Ranges are of the file itself, so it comes as it is.
        headers: { 'user-agent': userAgent, 'accept-encoding': 'identity', ...own, ...headers },
      });
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw netFailure(error, this.#asked(url));
    }
  }

  #accept(asked: URL, url: URL, answer: Dispatcher.ResponseData): WebAnswer {
    const { statusCode: status } = answer;
    if (status !== 200 && status !== 206 && status !== 304 && status !== 416) {
      release(answer);
      throw refusal(asked, answer, this.#proxyFor(url));
    }
    const headers = Object.fromEntries(
      Object.entries(answer.headers).map(([name, value]) => [name, [value].flat().join(', ')]),
    );
    const { signal } = this.#options;
    const asError = (error: unknown): unknown =>
      signal.aborted ? signal.reason : netFailure(error, this.#asked(url));
    return {
      url,
      status,
      headers,
      body: async function* () {
        try {
          for await (const chunk of answer.body) yield chunk as Uint8Array;
        } catch (error) {
          throw asError(error);
        }
      },
      discard: () => {
        release(answer);
      },
    };
  }

  #asked(url: URL): Asked {
    return { url, proxy: this.#proxyFor(url), timeoutMs: this.#options.timeouts.idleMs };
  }

  /** The proxy that is set for such addresses, without its password; NO_PROXY may except this one. */
  #proxyFor(url: URL): string | undefined {
    const { http, https } = proxies(this.#options.env);
    const proxy = url.protocol === 'https:' ? https || http : http;
    return proxy === '' ? undefined : shownAddress(proxy);
  }
}

/** The variables in the order in which Node and curl look at them; `proxy:3128` means `http://proxy:3128`. */
function proxies(env: WebClientOptions['env']): { http: string; https: string; none: string } {
  const named = (name: string) => env[name] ?? env[name.toUpperCase()] ?? '';
  const whole = (proxy: string) =>
    proxy === '' || /^[a-z0-9+.-]+:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
  return { http: whole(named('http_proxy')), https: whole(named('https_proxy')), none: named('no_proxy') };
}

function makeDispatcher({ env, timeouts }: WebClientOptions): Dispatcher {
  const { http, https, none } = proxies(env);
  for (const [name, proxy] of Object.entries({ HTTP_PROXY: http, HTTPS_PROXY: https })) {
    if (proxy !== '' && !URL.canParse(proxy)) {
      const reason = 'it is not an address of the form http://host:port';
      throw new UpywError('net/proxy-failed', { proxy: `${name}=${shownAddress(proxy)}`, reason });
    }
  }
  return new (loadAgent())({
    httpProxy: http,
    httpsProxy: https,
    noProxy: none === '*' ? none : [none, ...ownAddresses].filter((each) => each !== '').join(','),
    // Through a tunnel only what is encrypted: many proxies allow no other.
    proxyTunnel: false,
    connect: { timeout: timeouts.connectMs },
    headersTimeout: timeouts.idleMs,
    bodyTimeout: timeouts.idleMs,
  });
}

function refusal(url: URL, answer: Dispatcher.ResponseData, proxy: string | undefined): UpywError {
  const { statusCode: status } = answer;
  const shown = shownUrl(url);
  if (status === 407) return new UpywError('net/proxy-login', { proxy: proxy ?? url.host });
  if (status === 404 || status === 410) return new UpywError('net/not-found', { url: shown });
  if (status === 429) {
    const retryAfterMs = waitAsked(headerOf(answer, 'retry-after'));
    return new UpywError('net/too-many-requests', {
      url: shown,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }
  return new UpywError(status >= 500 ? 'net/server-failed' : 'net/refused', { url: shown, status });
}

/** `Retry-After` is a number of seconds or a date (RFC 9110, 10.2.3). */
function waitAsked(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}

function headerOf({ headers }: Dispatcher.ResponseData, name: string): string | undefined {
  return [headers[name]].flat()[0];
}

function authorization({ username, password }: URL): Record<string, string> {
  if (username === '') return {};
  const bytes = new TextEncoder().encode(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  return { authorization: `Basic ${btoa(String.fromCharCode(...bytes))}` };
}

/** The rest of an answer is of no use. */
function release({ body }: Dispatcher.ResponseData): void {
  body.on('error', () => undefined).destroy();
}
