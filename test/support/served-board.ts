import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startUpyw } from './upyw.js';

/** `upyw sim serve` in a process of its own, with boards and files in a folder of its own. */
export class ServedBoard {
  private constructor(
    readonly folder: string,
    /** `rfc2217://127.0.0.1:…` */
    readonly url: string,
    /** The pseudo-terminal's path, where one was asked for. */
    readonly ptyPath: string | undefined,
    readonly env: Readonly<Record<string, string>>,
    readonly server: ReturnType<typeof startUpyw>,
  ) {}

  static async start(address: string, ...options: string[]): Promise<ServedBoard> {
    const folder = mkdtempSync(join(tmpdir(), 'upyw-served-'));
    const env = { UPYW_SIM_DIR: join(folder, '.boards') };
    const args = ['sim', 'serve', '-p', address, '--listen', '127.0.0.1:0', '--json', ...options];
    const server = startUpyw(folder, args, { env });
    const { url, pty } = await new Promise<{ url: string; pty?: string }>((resolve, reject) => {
      let said = '';
      server.stdout.on('data', (bytes) => {
        said += String(bytes);
        if (said.trimEnd().endsWith('}')) resolve(JSON.parse(said) as { url: string; pty?: string });
      });
      void server.then(({ stderr, stdout }) => {
        reject(new Error(`the server ended: ${stderr}${stdout}`));
      });
    });
    return new ServedBoard(folder, url, pty, env, server);
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  async stop(): Promise<void> {
    this.server.kill('SIGTERM');
    await this.server;
    rmSync(this.folder, { recursive: true, maxRetries: 10 });
  }
}
