import { execFile } from 'node:child_process';
import { readFile, readdir, readlink, stat } from 'node:fs/promises';
import { release } from 'node:os';
import type { System } from './world.js';

/** Far more than any program that is asked says. */
const maxOutputBytes = 4_000_000;

/** This computer, for a diagnosis. */
export const thisSystem: System = {
  nodeVersion: process.version,
  arch: process.arch,
  release: release(),
  account:
    process.getuid === undefined
      ? undefined
      : { uid: process.getuid(), groups: [process.getgid?.() ?? 0, ...(process.getgroups?.() ?? [])] },
  readText: (path) => readFile(path, 'utf8').catch(() => undefined),
  readFolder: (path) => readdir(path).catch(() => []),
  readLink: (path) => readlink(path).catch(() => undefined),
  owner: (path) =>
    stat(path).then(
      ({ mode, uid, gid }) => ({ mode, uid, gid }),
      () => undefined,
    ),
  run: (command, args, timeoutMs) =>
    new Promise((resolve) => {
      const options = { timeout: timeoutMs, maxBuffer: maxOutputBytes, windowsHide: true };
      execFile(command, [...args], options, (error, stdout) => {
        resolve(error === null ? stdout : undefined);
      });
    }),
  bindingFailure: async () => {
    try {
      await (await import('./transport/serial/load-binding.js')).loadBinding();
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  },
};
