import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPort } from 'upyw';
import { defaultOpeners } from '../../src/openers.js';
import type { World } from '../../src/world.js';
import { runInWorld } from './memory-world.js';
import { type UpywOptions, startUpyw } from './upyw.js';

/** What a run of `upyw` left. */
export interface Ran {
  readonly exitCode?: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of its own for a test, with virtual boards of its own; commands run in it as real processes. */
export class Workplace {
  #server: ReturnType<typeof startUpyw> | undefined;

  private constructor(
    readonly folder: string,
    private readonly inTest: boolean,
  ) {}

  /**
   * With `served` the board stays switched on between the commands (with the options that it names), with `inTest` they run inside
   * the test instead of in processes: both take less time, for tests of many commands.
   */
  static async open({
    served = false,
    inTest = false,
  }: { served?: boolean | string; inTest?: boolean } = {}): Promise<Workplace> {
    const here = new Workplace(await mkdtemp(join(tmpdir(), 'upyw-sim-')), inTest);
    if (inTest) process.env['UPYW_SIM_DIR'] = here.env['UPYW_SIM_DIR'];
    if (served !== false) await here.#serve(served === true ? 'unpaced' : served);
    return here;
  }

  async #serve(options: string): Promise<void> {
    this.#server = this.start(['sim', 'serve', '-p', `sim:?${options}`, '--listen', '127.0.0.1:0']);
    await once(this.#server.stdout, 'data');
  }

  async close(): Promise<void> {
    this.#server?.kill('SIGTERM');
    await this.#server;
    if (this.inTest) delete process.env['UPYW_SIM_DIR'];
    // A process that was ended a moment ago may still be letting go of its files.
    await rm(this.folder, { recursive: true, maxRetries: 10 });
  }

  path(...names: string[]): string {
    return join(this.folder, ...names);
  }

  get env(): Record<string, string> {
    return { UPYW_SIM_DIR: this.path('.boards'), UPYW_CACHE_DIR: this.path('.cache') };
  }

  /** Starts `upyw` on the virtual board `sim:` without wire time, or with another `-p`. */
  start(args: readonly string[], options: UpywOptions = {}) {
    const env = { UPYW_PORT: this.#port, ...this.env, ...options.env };
    return startUpyw(this.folder, args, { ...options, env });
  }

  get #port(): string {
    return this.#server === undefined ? 'sim:?unpaced' : 'sim:';
  }

  /** Runs it to its end. */
  async run(...args: string[]): Promise<Ran> {
    if (!this.inTest) return this.start(args);
    return runInWorld(args, this.world);
  }

  /** For a command line that runs in the test. */
  get world(): Partial<World> {
    return {
      cwd: this.folder,
      env: { HOME: this.folder, UPYW_PORT: this.#port, UPYW_CACHE_DIR: this.path('.cache') },
      platform: process.platform,
      // The virtual board's worker thread needs the built code.
      openers: { ...defaultOpeners, sim: (address, options) => openPort(address, options) },
    };
  }

  /** Runs what has to succeed and returns its stdout. */
  async ok(...args: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await this.run(...args);
    if (exitCode !== 0) throw new Error(`upyw ${args.join(' ')}: exit code ${exitCode ?? 'none'}\n${stderr}`);
    return stdout;
  }

  /** Its stdout as bytes. */
  async bytes(...args: string[]): Promise<Uint8Array> {
    const chunks: Buffer[] = [];
    const running = this.start(args);
    running.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    await running;
    return new Uint8Array(Buffer.concat(chunks));
  }

  /** Runs what has to fail and returns its error document. */
  async failure(...args: string[]) {
    const { exitCode, stdout } = await this.run('--json', ...args);
    const document = JSON.parse(stdout) as {
      error: { code: string; message: string; hint: string; details: object };
    };
    return { ...document.error, exitCode };
  }
}
