import { mkdtemp, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { prepareDeviceWatch } from '../../../src/transport/serial/device-watch.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  return () => vi.useRealTimers();
});

/** Lets so much time pass for the watch, and the file system answer what it asked. */
async function pass(timeMs: number): Promise<void> {
  for (let elapsedMs = 0; elapsedMs < timeMs; elapsedMs += 500) {
    vi.advanceTimersByTime(500);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function tempFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'upyw-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'ttyUSB0');
  await writeFile(file, '');
  return file;
}

it('tells once that the device went away, also when that was before the watch began', async () => {
  const path = await tempFile();
  const watch = await prepareDeviceWatch(path);
  await unlink(path);
  const onGone = vi.fn();
  const stop = watch(onGone);
  await pass(2000);
  expect(onGone).toHaveBeenCalledTimes(1);
  stop();
});

it('is silent while the device is there, and once it is stopped', async () => {
  const path = await tempFile();
  const onGone = vi.fn();
  const stop = (await prepareDeviceWatch(path))(onGone);
  await pass(2000);
  stop();
  await unlink(path);
  await pass(2000);
  expect(onGone).not.toHaveBeenCalled();
});

it('does not watch what is no file, such as a COM port', async () => {
  const onGone = vi.fn();
  const stop = (await prepareDeviceWatch('COM3'))(onGone);
  await pass(2000);
  expect(onGone).not.toHaveBeenCalled();
  stop();
});
