import { networkInterfaces } from 'node:os';
import { serveMirror } from '../../catalogue/serve-mirror.js';
import type { Context } from '../../context.js';
import { UpywError } from '../../errors.js';
import { errorCode } from '../../errors/local-error.js';
import { formatCount } from '../../ui/format.js';
import { withStore } from './open-store.js';

export interface FirmwareServeOptions {
  readonly listen: string;
}

/** `upyw firmware serve`: offers this cache to other computers until Ctrl-C, read only. */
export async function firmwareServe(context: Context, { listen }: FirmwareServeOptions): Promise<void> {
  const { reporter, world } = context;
  const { host, port } = parseListen(listen);
  await withStore(context, {}, async ({ store }) => {
    const kept = await store.kept();
    if (kept.length === 0) reporter.warn('the cache has no firmware yet; get one: upyw firmware fetch');
    const onFile = (file: string, client: string) => {
      reporter.info(`${client} takes ${file}`);
    };
    const options = { cache: store.cache, host, port, signal: world.signal, onFile };
    const { url, ended } = await serveMirror(options).catch((error: unknown) => {
      throw listenError(listen, error);
    });
    const urls = addresses(host, url);
    const text = `${formatCount(kept.length, 'file')} on offer: ${urls.join(', ')}`;
    reporter.result({ url, urls, files: kept.map(({ file }) => file) }, text);
    reporter.info(`On the other computers: UPYW_FIRMWARE_URL=${urls[0] ?? url}. Ctrl-C ends it`);
    await ended;
  });
}

/** `8032`, `0.0.0.0`, `0.0.0.0:8032`, `[::]:8032` */
function parseListen(text: string): { host: string; port: number } {
  const [, bracketed, plain, port] = /^(?:(?:\[([0-9a-f:]+)\]|([^:[\]]*)):)?(\d{1,5})$/i.exec(text) ?? [];
  if (port === undefined || Number(port) > 65_535) {
    const expected = 'an address to listen on, such as 0.0.0.0:8032';
    throw new UpywError('usage/bad-value', { name: '--listen', value: text, expected });
  }
  return { host: bracketed ?? plain ?? '127.0.0.1', port: Number(port) };
}

/** Where it listens on all addresses, those that other computers can reach. */
function addresses(host: string, url: string): string[] {
  if (host !== '0.0.0.0' && host !== '::') return [url];
  const own = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal);
  const { port } = new URL(url);
  return own.length === 0 ? [url] : own.map(({ address }) => `http://${address}:${port}/`);
}

function listenError(address: string, error: unknown): unknown {
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: 'another program listens there',
    EACCES: 'your account may not use this port number',
    EADDRNOTAVAIL: 'this computer has no such address',
    ENOTFOUND: 'this computer has no such address',
  };
  const reason = reasons[errorCode(error) ?? ''];
  return reason === undefined
    ? error
    : new UpywError('firmware/listen', { address, reason }, { cause: error });
}
