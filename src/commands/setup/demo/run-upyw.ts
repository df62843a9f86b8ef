import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { UpywError } from '../../../errors.js';
import { packageFile } from '../../../package-file.js';

const executable = fileURLToPath(packageFile('bin/upyw.js'));

/** What a command did. */
export interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
}

interface RunContext {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Both get the bytes as they come. */
  readonly onStdout: (bytes: Uint8Array) => void;
  readonly onStderr: (bytes: Uint8Array) => void;
}

/** Runs `upyw` as a process of its own, as the user would. Throws `run/interrupted` once it has ended after an interrupt. */
export function runUpyw(args: readonly string[], context: RunContext): Promise<Outcome> {
  const { cwd, env, signal, onStdout, onStderr } = context;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [executable, ...args], {
      cwd,
      env: { ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    // Ctrl-C at a terminal reaches the child by itself; SIGTERM to us alone does not.
    const onAbort = () => child.kill('SIGTERM');
    signal.addEventListener('abort', onAbort, { once: true });
    const decoder = new TextDecoder();
    let stdout = '';
    child.stdout.on('data', (bytes: Uint8Array) => {
      stdout += decoder.decode(bytes, { stream: true });
      onStdout(bytes);
    });
    child.stderr.on('data', onStderr);
    child.on('error', reject);
    child.on('close', (exitCode) => {
      signal.removeEventListener('abort', onAbort);
      if (signal.aborted) reject(new UpywError('run/interrupted', {}));
      else resolve({ exitCode, stdout });
    });
  });
}
