import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { isLineTrouble, op, packWords } from './protocol/commands.js';
import type { Loader } from './loader.js';
import type { Region } from './regions.js';

/** A chip digests a megabyte in half a second; slow ones are given sixteen times that. esptool waits as long. */
const timeoutMsPerMib = 8000;
const tries = 4;

/** The MD5 of a region as the chip computes it, in hex. Tried again after line trouble. */
export async function digestFlash(loader: Loader, { offset, sizeBytes }: Region): Promise<string> {
  const timeoutMs = 1500 + (sizeBytes / 0x100000) * timeoutMsPerMib;
  for (let attempt = 1; ; attempt++) {
    try {
      // A stub answers with the digest itself, the ROM with its hex digits.
      const dataLength = loader.stub ? 16 : 32;
      const request = packWords(offset, sizeBytes, 0, 0);
      const answer = await loader.request(op.spiFlashMd5, request, { dataLength, timeoutMs });
      const bytes = Buffer.from(answer as Uint8Array);
      return bytes.toString(dataLength === 16 ? 'hex' : 'latin1').toLowerCase();
    } catch (error) {
      if (!isLineTrouble(error) || attempt >= tries) throw error;
      await loader.recover();
    }
  }
}

/** Whether a region has this MD5. A no is asked for twice: answers carry no check value, and a yes by chance there is none. */
export async function digestsTo(loader: Loader, region: Region, md5: string): Promise<boolean> {
  return (await digestFlash(loader, region)) === md5 || (await digestFlash(loader, region)) === md5;
}

/** The MD5 of bytes at hand. */
export function digestBytes(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}

const blankDigests = new Map<number, string>();

/** The MD5 of so many bytes of 0xFF: a region with it is erased, and need be neither read nor erased. */
export function blankDigest(sizeBytes: number): string {
  let digest = blankDigests.get(sizeBytes);
  if (digest === undefined) {
    digest = digestBytes(new Uint8Array(sizeBytes).fill(0xff));
    blankDigests.set(sizeBytes, digest);
  }
  return digest;
}
