import { execa } from 'execa';

/** Builds `build/` and `dist/` once before the tests, so that a test never judges yesterday's code. */
export async function setup(): Promise<void> {
  await execa('npm', ['run', 'build'], { stdio: ['ignore', 'ignore', 'inherit'] });
}
