import { trackOpenPorts } from './open-ports.js';
import { defaultOpeners, listPorts, virtualBoards } from './openers.js';
import { createPrompts } from './ui/prompts.js';
import { thisSystem } from './this-system.js';
import type { World } from './world.js';

/** This process as a world; `closePorts` lets go of what is still open at the end. */
export function createWorld(signal: AbortSignal): {
  world: World;
  closePorts: (timeoutMs: number) => Promise<void>;
} {
  const { env, platform, stdin, stdout, stderr } = process;
  const { openers, closeAll } = trackOpenPorts(defaultOpeners);
  const prompts = createPrompts({ stdin, stdout, stderr, signal });
  const now = () => performance.now();
  return {
    world: {
      env,
      cwd: process.cwd(),
      platform,
      stdin,
      stdout,
      stderr,
      openers,
      listPorts,
      virtualBoards,
      prompts,
      system: thisSystem,
      signal,
      now,
    },
    closePorts: closeAll,
  };
}
