import { Buffer } from 'node:buffer';
import { piecesOf } from '../local/local-files.js';
import type { FileToPut } from './put-plan.js';

/** What a file calls a secret where it has one: `wifi_passwd = …`, `"api_key": …`, `TOKEN=…`. */
const naming = /(passw(or)?d|passphrase|psk|secret|token|api_?key|private_?key)\w*['"]?\s*[:=]/i;
/** How much of what came before is looked at again, for a name that stands across two pieces. */
const overlapChars = 200;

/** Looks for what calls itself a secret in bytes that come piece by piece. */
export class SecretWatch {
  #text = '';
  #found = false;

  get found(): boolean {
    return this.#found;
  }

  see(piece: Uint8Array): void {
    if (this.#found) return;
    this.#text = this.#text.slice(-overlapChars) + Buffer.from(piece).toString('latin1');
    this.#found = naming.test(this.#text);
  }
}

/** Whether a file of this computer seems to hold a password or the like, by what it calls things. Throws `file/…`. */
export async function holdsSecret(file: FileToPut): Promise<boolean> {
  const watch = new SecretWatch();
  for await (const piece of piecesOf(file)) {
    watch.see(piece);
    if (watch.found) return true;
  }
  return false;
}
