import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import { type Answer, startWebServer } from './web-server.js';

/** The web as two installers see it: all of it is on this computer. */
export interface StandInWeb {
  /** Of our own server, such as `127.0.0.1:1234`. */
  readonly host: string;
  readonly index: string;
  /** For processes: a proxy that leads every https address to us, and whom to trust. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const names = ['raw.githubusercontent.com', 'gitlab.com', 'codeberg.org'];

/** `answer` is asked for `HOST/path` where the address has https, for the path alone otherwise. */
export async function standInWeb(folder: string, answer: Answer): Promise<StandInWeb> {
  const { key, cert } = await makeCertificate(folder);
  const secure = createTlsServer(
    { key: await readFile(key), cert: await readFile(cert) },
    (request, response) => {
      request.url = `/${request.headers.host?.replace(':443', '') ?? ''}${request.url ?? ''}`;
      answer(request, response);
    },
  );
  secure.listen(0, '127.0.0.1');
  await once(secure, 'listening');
  const { port } = secure.address() as AddressInfo;
  const plain = await startWebServer(answer);
  plain.server.on('connect', (_request, socket) => {
    const far = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      far.pipe(socket).pipe(far);
    });
    for (const each of [far, socket]) each.on('error', () => undefined);
  });
  const proxy = `http://${plain.url.host}`;
  const own = '127.0.0.1';
  return {
    host: plain.url.host,
    index: `${proxy}/pi/v2`,
    env: {
      ...{ HTTPS_PROXY: proxy, https_proxy: proxy, NO_PROXY: own, no_proxy: own },
      ...{ SSL_CERT_FILE: cert, NODE_EXTRA_CA_CERTS: cert },
    },
    close: async () => {
      secure.closeAllConnections();
      secure.close();
      await plain.close();
    },
  };
}

async function makeCertificate(folder: string): Promise<{ key: string; cert: string }> {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = [
    ...['-subj', '/CN=test'],
    ...['-addext', `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`],
  ];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  const files = ['-keyout', key, '-out', cert];
  await execa('openssl', ['req', '-x509', ...curve, '-nodes', '-days', '2', ...files, ...subject]);
  return { key, cert };
}
