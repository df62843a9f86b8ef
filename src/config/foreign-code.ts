import { stat } from 'node:fs/promises';
import { UpywError } from '../errors.js';

const groupMayWrite = 0o020;
const othersMayWrite = 0o002;
const rootUid = 0;

/** Who runs this process; undefined on Windows, where permissions are another matter. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
  /** Who became root by sudo. */
  readonly sudoUid: number | undefined;
}

/**
 * Config that is code runs as whoever calls upyw, so somebody else who owns it, or may write it, would run it in their name: in
 * a shared folder such as /tmp, say. Refused as git refuses a repository of another owner. A file that is not there passes.
 * @throws UpywError `config/foreign-code`
 */
export async function refuseForeignCode(path: string, account = currentAccount()): Promise<void> {
  if (account === undefined) return;
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return;
  const problem = foreignHand(found, account);
  if (problem !== undefined) throw new UpywError('config/foreign-code', { source: path, problem });
}

function currentAccount(): Account | undefined {
  const [uid, gid] = [process.getuid?.(), process.getgid?.()];
  if (uid === undefined || gid === undefined) return undefined;
  const sudoUid = uid === rootUid ? Number.parseInt(process.env['SUDO_UID'] ?? '', 10) : Number.NaN;
  return { uid, gid, sudoUid: Number.isNaN(sudoUid) ? undefined : sudoUid };
}

/** Who else could have written it; undefined: nobody. */
export function foreignHand(
  file: { readonly uid: number; readonly gid: number; readonly mode: number },
  { uid, gid, sudoUid }: Account,
): string | undefined {
  if (![uid, rootUid, sudoUid].includes(file.uid)) return 'another account owns it';
  if ((file.mode & othersMayWrite) !== 0) return 'every account may write it';
  // A group of the user's own is common (umask 002).
  if ((file.mode & groupMayWrite) !== 0 && file.gid !== gid)
    return 'other accounts of its group may write it';
  return undefined;
}
