import { Buffer } from 'node:buffer';
import { piecesOf } from './local-files.js';
import type { FileToPut } from './put-plan.js';

/** What a file calls a secret where it has one: `wifi_passwd = …`, `"api_key": …`, `TOKEN=…`. */
const naming = /(passw(or)?d|passphrase|psk|secret|token|api_?key|private_?key)\w*['"]?\s*[:=]/i;
/** How much of what came before is looked at again, for a name that stands across two pieces. */
const overlapChars = 200;

/** Whether a file of this computer seems to hold a password or the like, by what it calls things. Throws `file/…`. */
export async function holdsSecret(file: FileToPut): Promise<boolean> {
  let text = '';
  for await (const piece of piecesOf(file)) {
    text = text.slice(-overlapChars) + Buffer.from(piece).toString('latin1');
    if (naming.test(text)) return true;
  }
  return false;
}
