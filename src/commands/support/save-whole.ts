import { openLocalTarget } from './local-target.js';

/** Writes a file of this computer in one step: whoever looks sees the old one or the whole new one. Throws `file/…`. */
export async function saveWhole(
  path: string,
  bytes: Uint8Array,
  options: { mode?: number } = {},
): Promise<void> {
  const target = await openLocalTarget(path, options);
  await target.write(bytes);
  await target.finish();
}
