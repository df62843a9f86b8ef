import type { World } from '../world.js';
import type { Finding } from './finding.js';

/** What of a world the looks at this computer need. */
export type Patient = Pick<World, 'env' | 'platform' | 'system' | 'listPorts' | 'signal'>;

/** Versions of Node that are still mended (https://nodejs.org/en/about/previous-releases). */
const oldestMended = 22;

/** Node, and the native part of serialport. */
export async function lookAtNode({ system, platform }: Patient): Promise<Finding[]> {
  const where = `Node ${system.nodeVersion}, ${platform} ${system.arch}`;
  const major = Number(/^v(\d+)/.exec(system.nodeVersion)?.[1] ?? 0);
  // Nothing that somebody has to do now, so it brings no step.
  const node: Finding =
    major >= oldestMended
      ? { id: 'node/version', level: 'green', text: where }
      : {
          id: 'node/version',
          level: 'yellow',
          text: `${where}: upyw runs on it, but its faults are not mended any more (newer: https://nodejs.org)`,
        };
  const reason = await system.bindingFailure();
  if (reason === undefined)
    return [node, { id: 'node/binding', level: 'green', text: 'serial ports can be opened' }];
  const text = `the native part that opens serial ports does not load: ${reason.split('\n', 1)[0] ?? ''}`;
  const next = 'Install upyw again with the Node that you use now: npm install -g upyw';
  return [node, { id: 'node/binding', level: 'red', text, next }];
}

/** Shells and systems within systems. */
export async function lookAtShell({ env, platform, system }: Patient): Promise<Finding[]> {
  const kernel = platform === 'linux' ? ((await system.readText('/proc/version')) ?? '') : '';
  if (/microsoft/i.test(kernel)) {
    const text = 'this is WSL: Windows keeps USB devices to itself until they are handed over';
    const next =
      'Use upyw in PowerShell, or hand the board over: usbipd list, then usbipd attach --wsl --busid ID';
    return [{ id: 'shell/wsl', level: 'yellow', text, next }];
  }
  if (platform !== 'win32' || (env['MSYSTEM'] ?? '') === '' || (env['MSYS_NO_PATHCONV'] ?? '') !== '')
    return [];
  const text = 'this is Git Bash, which rewrites paths that begin with a slash: :/main.py arrives as C:/…';
  const next = 'Write :main.py without the slash, or use PowerShell';
  return [{ id: 'shell/git-bash', level: 'yellow', text, next }];
}

/** Programs of Linux that take ports away, or speak on them. */
export async function lookAtServices({ platform, system }: Patient): Promise<Finding[]> {
  if (platform !== 'linux') return [];
  const running = await runningPrograms(system);
  const findings: Finding[] = [];
  if (running.has('brltty') || (await hasBrlttyRule(system))) {
    const text =
      'brltty is here: it takes CH340 and CP210x adapters for Braille displays, and their ports vanish';
    const next = 'Unless you need it, remove it: sudo apt remove brltty, then plug the board in again';
    findings.push({ id: 'linux/brltty', level: running.has('brltty') ? 'red' : 'yellow', text, next });
  }
  if (running.has('ModemManager')) {
    const text = 'ModemManager runs: it speaks to new ports for some seconds, which disturbs the board';
    const next =
      'Wait 15 seconds after plugging in, or switch it off: sudo systemctl disable --now ModemManager';
    findings.push({ id: 'linux/modem-manager', level: 'yellow', text, next });
  }
  return findings;
}

async function runningPrograms(system: Patient['system']): Promise<Set<string>> {
  const processes = (await system.readFolder('/proc')).filter((name) => /^\d+$/.test(name));
  const names = await Promise.all(processes.map((id) => system.readText(`/proc/${id}/comm`)));
  return new Set(names.map((name) => name?.trim() ?? ''));
}

/** Its rule names the adapters by their USB ids; a line that begins with # does nothing. */
async function hasBrlttyRule(system: Patient['system']): Promise<boolean> {
  for (const folder of ['/usr/lib/udev/rules.d', '/lib/udev/rules.d']) {
    for (const name of await system.readFolder(folder)) {
      if (!name.includes('brltty')) continue;
      const rule = (await system.readText(`${folder}/${name}`)) ?? '';
      if (/^[^#\n]*(?:1a86\/7523|10c4\/ea60)/im.test(rule)) return true;
    }
  }
  return false;
}
