import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import { Interrupted, OutputClosed, OutputFailed, watchInterruption } from '../../src/interruption.js';
import { MemoryOutput } from '../support/memory-output.js';

function watch() {
  const process = new EventEmitter();
  const stdout = new MemoryOutput();
  const stderr = new MemoryOutput();
  const interruption = watchInterruption(process as unknown as NodeJS.Process, { stdout, stderr });
  let isForced = false;
  void interruption.forced.then(() => (isForced = true));
  return { process, stdout, stderr, signal: interruption.signal, forced: () => isForced };
}

const failure = (code: string) => Object.assign(new Error(`write ${code}`), { code });

describe('what ends a command from outside', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'])('%s aborts, a second one forces', async (name) => {
    const { process, signal, forced } = watch();
    expect(signal.aborted).toBe(false);
    process.emit(name);
    await Promise.resolve();
    expect(signal.reason).toBeInstanceOf(Interrupted);
    expect(forced()).toBe(false);
    process.emit('SIGINT');
    await Promise.resolve();
    expect(forced()).toBe(true);
  });

  test.each([
    ['EPIPE', OutputClosed],
    ['EOF', OutputClosed],
    ['ENOSPC', OutputFailed],
  ])('stdout that fails with %s aborts with a %o', (code, reason) => {
    const { stdout, signal } = watch();
    stdout.emit('error', failure(code));
    expect(signal.reason).toBeInstanceOf(reason);
  });

  test('many boards may listen, which is no leak', async () => {
    const { signal } = watch();
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on('warning', onWarning);
    for (let count = 0; count < 100; count += 1) signal.addEventListener('abort', () => undefined);
    await new Promise(setImmediate);
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
  });

  test('a stderr that is gone ends nothing', () => {
    const { stderr, signal } = watch();
    stderr.emit('error', failure('EPIPE'));
    expect(signal.aborted).toBe(false);
  });
});
