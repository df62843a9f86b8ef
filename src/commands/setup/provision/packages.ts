import type { FileStore } from '../../../board/file-store.js';
import type { LoadedSettings } from '../../../config/load-settings.js';
import type { LiveBoard } from '../../../connecting/open-files.js';
import type { Context } from '../../../context.js';
import type { ReadyPackages } from '../../board/mip/put-packages.js';

/** The packages of the configuration, downloaded: what fails there fails before a board is touched. */
export async function readyPackages(
  context: Context,
  { values }: LoadedSettings,
): Promise<ReadyPackages | undefined> {
  if (values.packages.length === 0) return undefined;
  return (await import('../../board/mip/project-packages.js')).readyProjectPackages(context);
}

/** Puts them in place, before boot.py, which may need them. Returns what of it the result has. */
export async function putPackages(
  context: Context,
  on: { readonly store: FileStore; readonly live: LiveBoard | undefined },
  ready: ReadyPackages | undefined,
): Promise<{ readonly packages?: string[] }> {
  if (ready === undefined) return {};
  const { putProjectPackages } = await import('../../board/mip/project-packages.js');
  const put = await putProjectPackages(context, on, ready);
  const { tellPut } = await import('../../board/mip/report.js');
  tellPut(context, put);
  return { packages: put.packages.map(({ key }) => key) };
}
