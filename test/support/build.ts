import { execa } from 'execa';

/** Builds `build/` and `dist/` once before the tests, so that a test never judges yesterday's code. `.ci/run` has just built them. */
export async function setup(): Promise<void> {
  if (process.env['UPYW_BUILT'] !== undefined) return;
  await execa('npm', ['run', 'build'], { stdio: ['ignore', 'ignore', 'inherit'] });
}
