import { dirname } from 'node:path';
import { Catalogue, officialAddress, usualMaxAgeMs } from '../../catalogue/catalogue.js';
import { FirmwareStore } from '../../catalogue/firmware-store.js';
import type { Context } from '../../context.js';
import { parseLocation } from '../../net/location.js';
import { openNet } from '../../net/net.js';

/** What the firmware commands work with. */
export interface Store {
  readonly store: FirmwareStore;
  readonly catalogue: Catalogue;
}

/**
 * Opens the catalogue in force (`firmware.url`, else micropython.org) and the cache, and ends their connections whatever happens. Opening asks nobody.
 * @param refresh asks for pages that would be new enough
 */
export async function withStore<Result>(
  { world, loadSettings }: Context,
  { refresh }: { refresh?: boolean | undefined },
  use: (store: Store) => Promise<Result>,
): Promise<Result> {
  const { values, origins } = await loadSettings();
  const { kind, name } = origins['firmware.url'];
  const isFromFile = ['project', 'user', 'board', 'secrets'].includes(kind);
  const base = parseLocation(values['firmware.url'] ?? officialAddress, {
    cwd: isFromFile ? dirname(name) : world.cwd,
    name: kind === 'environment' ? name : 'firmware.url',
  });
  const net = openNet(world);
  const catalogue = new Catalogue(net, base, refresh === true ? 0 : usualMaxAgeMs);
  try {
    return await use({ catalogue, store: new FirmwareStore(net, catalogue, base) });
  } finally {
    await net.close();
  }
}
