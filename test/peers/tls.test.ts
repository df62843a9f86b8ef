import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithPeers } from '../support/peers.js';
import { type WebServer, startWebServer } from '../support/web-server.js';
import { startUpyw } from '../support/upyw.js';

/** A school's own authority, whose certificates no computer knows until it is told: what Node reads at its start, so each is a process. */
describeWithPeers('https', ['openssl'], () => {
  let folder: string;
  let port: number;
  let proxy: WebServer;
  let secure: ReturnType<typeof createServer>;
  const logins: (string | undefined)[] = [];

  const openssl = (...args: string[]) => execa('openssl', args, { cwd: folder });
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

  async function makeCertificates(): Promise<void> {
    const own = ['-subj', '/CN=School CA', '-keyout', 'ca.key', '-out', 'ca.pem'];
    await openssl('req', '-x509', ...curve, '-days', '2', ...own);
    const named = [
      '-subj',
      '/CN=mirror.invalid',
      '-addext',
      'subjectAltName=DNS:mirror.invalid,IP:127.0.0.1',
    ];
    await openssl('req', ...curve, ...named, '-keyout', 'key.pem', '-out', 'request.pem');
    const signing = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-copy_extensions', 'copy'];
    await openssl('x509', '-req', '-in', 'request.pem', ...signing, '-days', '2', '-out', 'cert.pem');
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'upyw-tls-'));
    await makeCertificates();
    const [key, cert] = await Promise.all(
      ['key.pem', 'cert.pem'].map((name) => readFile(join(folder, name))),
    );
    secure = createServer({ key, cert }, (_, response) => {
      response.end('{"v": 2, "packages": [{"name": "leaf", "version": "1.0"}]}');
    });
    secure.listen(0, '127.0.0.1');
    await once(secure, 'listening');
    ({ port } = secure.address() as AddressInfo);
    proxy = await startWebServer((_, response) => void response.writeHead(400).end());
    proxy.server.on('connect', (request, socket) => {
      logins.push(request.headers['proxy-authorization']);
      socket.on('error', () => undefined);
      if (request.headers['proxy-authorization'] === undefined) {
        socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\n\r\n');
        return;
      }
      const far = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        far.pipe(socket).pipe(far);
      });
      far.on('error', () => undefined);
    });
  });
  afterAll(async () => {
    secure.closeAllConnections();
    secure.close();
    await proxy.close();
    await rm(folder, { recursive: true });
  });

  async function search(address: string, env: Record<string, string> = {}) {
    const places = { UPYW_MIP_INDEX: address, UPYW_CACHE_DIR: join(folder, `cache-${Math.random()}`) };
    const { stdout } = await startUpyw(folder, ['--json', 'mip', 'search'], { env: { ...places, ...env } });
    return JSON.parse(stdout) as {
      packages?: { name: string }[];
      error?: { code: string; message: string; hint: string };
    };
  }
  const trust = () => ({ NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') });

  it('whose certificate nobody here knows is told, with what helps', async () => {
    const { error } = await search(`https://127.0.0.1:${port}`);
    expect(error?.code).toBe('net/certificate');
    expect(error?.message).toContain('whoever signed it is not known here');
    expect(error?.hint).toContain('NODE_EXTRA_CA_CERTS');
  });

  it('works once NODE_EXTRA_CA_CERTS names the authority', async () => {
    const { packages, error } = await search(`https://127.0.0.1:${port}`, trust());
    expect([error, packages?.map(({ name }) => name)]).toEqual([undefined, ['leaf']]);
  });

  it('goes through a proxy that wants a password, and only so', async () => {
    const address = 'https://mirror.invalid/pi';
    const HTTPS_PROXY = `http://me:geheim@${proxy.url.host}`;
    const { packages, error } = await search(address, { ...trust(), HTTPS_PROXY });
    expect([error, packages?.map(({ name }) => name)]).toEqual([undefined, ['leaf']]);
    expect(logins).toEqual([`Basic ${btoa('me:geheim')}`]);
    const without = await search(address, { ...trust(), HTTPS_PROXY: proxy.url.href });
    expect(without.error?.code).toBe('net/proxy-login');
    expect(without.error?.hint).toContain('HTTPS_PROXY');
    // The certificate is looked at through the tunnel, too.
    expect((await search(address, { HTTPS_PROXY })).error?.code).toBe('net/certificate');
  });
});
