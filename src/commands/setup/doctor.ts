import { resolve } from 'node:path';
import { shownValue } from '../../config/key.js';
import { type KeyName, keys } from '../../config/keys.js';
import type { Context } from '../../context.js';
import { examine } from '../../doctor/examine.js';
import { type Finding, type Verdict, verdictOn } from '../../doctor/finding.js';
import { openPrivateFile } from '../../local/private-file.js';
import { packageVersion } from '../../version.js';

export interface DoctorOptions {
  readonly plug?: true;
  readonly speed?: true;
  /** A file for whoever helps. */
  readonly bundle?: string;
}

/** `upyw doctor`: looks at what may be wrong, and ends with one next step. */
export async function doctor(context: Context, options: DoctorOptions): Promise<void> {
  const { reporter } = context;
  if (options.plug === true) reporter.info('Unplug the board, then plug it in. Waiting for 20 s …');
  const done = reporter.busy('looking');
  const found = await examine(context, {
    plug: options.plug === true,
    speed: options.speed === true,
    onFinding: () => undefined,
  }).finally(done);
  const verdict = verdictOn(found);
  for (const { level, text } of found) reporter.judge(level, text);
  if (options.bundle !== undefined) await writeBundle(context, options.bundle, found, verdict);
  reporter.result({ findings: found, verdict }, [verdict.text, `→ ${verdict.next}`].join('\n'));
}

/** All that was seen, without secrets: settings are as `upyw config` shows them. */
async function writeBundle(
  { world, loadSettings, reporter }: Context,
  path: string,
  findings: readonly Finding[],
  verdict: Verdict,
): Promise<void> {
  const { values, origins } = await loadSettings();
  const settings = Object.fromEntries(
    (Object.keys(keys) as KeyName[]).map((name) => [
      name,
      { value: shownValue(keys[name], values[name]), from: origins[name].kind },
    ]),
  );
  const { nodeVersion, arch, release } = world.system;
  const content = {
    upyw: packageVersion(),
    computer: { platform: world.platform, arch, release, node: nodeVersion },
    ports: await world.listPorts(),
    settings,
    findings,
    verdict,
  };
  const file = await openPrivateFile(resolve(world.cwd, path), { append: false });
  try {
    await file.writeFile(`${JSON.stringify(content, null, 2)}\n`);
  } finally {
    await file.close();
  }
  reporter.info(`${path} has all of it, without passwords: give it to whoever helps`);
}
