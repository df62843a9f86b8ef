import { UpywError } from '../../errors.js';

/** A file, and the SHA-256 that it has or should have, in hex. */
export interface Checksum {
  readonly path: string;
  readonly sha256: string;
}

/** As coreutils' `sha256sum` prints it: a name that holds a line break or a backslash is escaped, which a backslash before the line says. */
export function checksumLine({ path, sha256 }: Checksum): string {
  const escaped = path.replace(
    /[\\\n\r]/g,
    (sign) => ({ '\\': '\\\\', '\n': '\\n', '\r': '\\r' })[sign] ?? sign,
  );
  return `${escaped === path ? '' : '\\'}${sha256}  ${escaped}`;
}

const plainForm = /^(\\?)([0-9a-fA-F]{64}) [ *](.+)$/;
/** As `sha256sum --tag` and BSD print it. */
const taggedForm = /^(\\?)SHA256 \((.+)\) = ([0-9a-fA-F]{64})$/;

/** The checksums in a list, in both of coreutils' forms; comments and empty lines are none. Throws `usage/arguments` where there are none. */
export function parseChecksums(text: string, named: string): Checksum[] {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  const found = lines.flatMap((line): Checksum[] => {
    const plain = plainForm.exec(line);
    if (plain !== null)
      return [{ path: unescaped(plain[1], plain[3]), sha256: (plain[2] ?? '').toLowerCase() }];
    const tagged = taggedForm.exec(line);
    return tagged === null
      ? []
      : [{ path: unescaped(tagged[1], tagged[2]), sha256: (tagged[3] ?? '').toLowerCase() }];
  });
  if (found.length > 0) return found;
  const problem = `${named} holds no line as sha256sum writes it: 64 hexadecimal digits, two spaces, a name`;
  throw new UpywError('usage/arguments', { problem, command: 'upyw sha256sum' });
}

function unescaped(mark: string | undefined, path = ''): string {
  if (mark !== '\\') return path;
  return path.replace(/\\([\\nr])/g, (_, sign: string) => ({ n: '\n', r: '\r' })[sign] ?? '\\');
}
