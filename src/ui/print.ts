import type { Output } from '../world.js';

/** Words of our own, such as help, said where there is no reporter yet. */
export function print(stdout: Pick<Output, 'write'>, text: string): void {
  stdout.write(text);
}
