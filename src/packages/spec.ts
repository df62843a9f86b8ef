import { UpywError } from '../errors.js';
import { shownAddress } from '../shown-address.js';

/** Where a package is to be had, as it was named. */
export type PackageSpec =
  | { readonly kind: 'index'; readonly name: string; readonly version: string | undefined }
  /** `address` is `github:ORG/REPO[/PATH]`, an address of the web, or a path of this computer. */
  | { readonly kind: 'address'; readonly address: string; readonly ref: string | undefined }
  | { readonly kind: 'local'; readonly path: string };

const hosts = ['github', 'gitlab', 'codeberg'] as const;
const hostForm = new RegExp(`^(?:${hosts.join('|')}):[^/\\s]+/[^/\\s]+`);
const nameForm = /^[A-Za-z0-9][\w.+-]*$/;
const localForm = /^(?:\.{0,2}[\\/]|\.{1,2}$|[A-Za-z]:[\\/])|[\\/].*\.json$|\.(?:json|py|mpy)$/;

/**
 * `NAME`, `NAME@VERSION`, `github:ORG/REPO[/PATH][@REF]` (gitlab:, codeberg:), an address of a file or a package.json, a folder or a file of
 * this computer (`./lib`, `x.py`). Throws `mip/bad-spec`.
 */
export function parseSpec(text: string): PackageSpec {
  if (/^https?:\/\//i.test(text)) {
    refusePassword(text);
    return { kind: 'address', ...splitRef(text, text.lastIndexOf('/')) };
  }
  if (/^(?:github|gitlab|codeberg):/i.test(text)) {
    if (!hostForm.test(text))
      throw new UpywError('mip/bad-spec', { spec: text, reason: 'it names no ORG/REPO' });
    return { kind: 'address', ...splitRef(text, 0) };
  }
  if (localForm.test(text)) return { kind: 'local', path: text };
  const [name = '', version, ...more] = text.split('@');
  if (!nameForm.test(name) || version === '' || more.length > 0 || !/^[\w.+-]*$/.test(version ?? ''))
    throw new UpywError('mip/bad-spec', { spec: text, reason: 'it is no name of a package' });
  return { kind: 'index', name, version };
}

/** What a package was named by stands on the board, in the config and in the lock, for all to read. */
function refusePassword(address: string): void {
  const spec = shownAddress(address);
  if (spec === address) return;
  const reason = 'a password in it would be written to the board, and into files that others read';
  throw new UpywError('mip/bad-spec', { spec, reason });
}

/** The part behind the last `@`, where that stands behind `from`: before it may be a name and a password. */
function splitRef(text: string, from: number): { address: string; ref: string | undefined } {
  const at = text.lastIndexOf('@');
  if (at <= from) return { address: text, ref: undefined };
  const ref = text.slice(at + 1);
  if (!isRef(ref) || ref === '')
    throw new UpywError('mip/bad-spec', {
      spec: text,
      reason: 'what stands behind the @ is no branch or tag',
    });
  return { address: text.slice(0, at), ref };
}

export function isPackageName(text: string): boolean {
  return nameForm.test(text);
}

/** Whether it may be a version, a branch or a tag: a path that leads nowhere else. Empty: none is named. */
export function isRef(text: string): boolean {
  return /^[\w./+-]*$/.test(text) && !text.split('/').includes('..');
}

/** As it may be written again: in a config, in what the board keeps. */
export function specText(spec: PackageSpec): string {
  if (spec.kind === 'local') return spec.path;
  const [name, version] = spec.kind === 'index' ? [spec.name, spec.version] : [spec.address, spec.ref];
  return version === undefined ? name : `${name}@${version}`;
}

/** What `mip remove` and the others call it: without a version. */
export function packageKey(spec: PackageSpec): string {
  if (spec.kind === 'index') return spec.name;
  return spec.kind === 'local' ? spec.path : spec.address;
}

/** The address of the web for one of a host's own: mpremote's rules. Others stay as they are. */
export function webAddress(address: string, ref = 'HEAD'): string {
  const [, host, path] = /^(github|gitlab|codeberg):(.*)$/i.exec(address) ?? [];
  if (host === undefined || path === undefined) return address;
  const [owner = '', repository = '', ...rest] = path.split('/');
  const places = {
    github: `https://raw.githubusercontent.com/${owner}/${repository}/${ref}/`,
    gitlab: `https://gitlab.com/${owner}/${repository}/-/raw/${ref}/`,
    codeberg: `https://codeberg.org/${owner}/${repository}/raw/branch/${ref}/`,
  };
  return places[host.toLowerCase() as keyof typeof places] + rest.join('/');
}

/** Whether an address is one of those that mip understands: all others in a package.json are relative to it. */
export function isAddress(text: string): boolean {
  return /^(?:https?:\/\/|github:|gitlab:|codeberg:)/i.test(text);
}
