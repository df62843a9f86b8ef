import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const { resolve } = createRequire(import.meta.url);

/** What lies beside the code in this package, such as `device/io.py`. The code is bundled: where it lies itself says nothing. */
export function packageFile(path: string): URL {
  return new URL(path, pathToFileURL(resolve('upyw/package.json')));
}
