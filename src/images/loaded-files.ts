import { buffer } from 'node:stream/consumers';
import type { FileContent, FileToWrite } from '../board/transfer/upload-content.js';

/** So many small files are read side by side. */
const loadedAtOnce = 16;
/** What is no smaller comes alone. */
const smallBytes = 64 * 1024;

/** Each file with its content, in their order. */
export async function* loaded(files: readonly FileToWrite[]): AsyncGenerator<[FileToWrite, Uint8Array]> {
  for (let start = 0; start < files.length;) {
    const next = files.slice(start, start + loadedAtOnce);
    const large = next.findIndex(({ sizeBytes }) => sizeBytes >= smallBytes);
    const some = large === -1 ? next : next.slice(0, Math.max(large, 1));
    const contents = await Promise.all(
      some.map(async (file): Promise<[FileToWrite, Uint8Array]> => [file, await wholeOf(await file.load())]),
    );
    yield* contents;
    start += some.length;
  }
}

async function wholeOf(content: FileContent): Promise<Uint8Array> {
  return content instanceof Uint8Array ? content : buffer(content);
}
