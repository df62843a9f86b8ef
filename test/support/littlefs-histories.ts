import { type Littlefs } from '../../src/littlefs/littlefs.js';
import { LittlefsError } from '../../src/littlefs/littlefs-error.js';

/** One thing done to a file system, as both sides of a test understand it. */
export type Step =
  | Write
  | { readonly do: 'mkdir'; readonly path: string }
  | { readonly do: 'remove'; readonly path: string }
  | Rename;

interface Write {
  readonly do: 'write';
  readonly path: string;
  readonly sizeBytes: number;
  readonly fill: number;
  /** Behind what is there. */
  readonly appends?: boolean;
}

interface Rename {
  readonly do: 'rename';
  readonly path: string;
  readonly to: string;
}

/** A generator of numbers from 0 up to `below`, the same for the same seed (mulberry32). */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const names = ['a', 'b', 'boot.py', 'main.py', 'lib', 'čaj 🍵', 'A', 'z', 'x'.repeat(120), 'y'.repeat(255)];
/** Within the folder, just too long for that, around the ends of one block and of two. */
const sizes = [0, 1, 100, 128, 129, 500, 4096, 4097, 8188, 8189, 20_000];

/** What people and programs do, with names that collide. */
export function randomStep(random: (below: number) => number): Step {
  const pick = <Value>(values: readonly Value[]): Value => values[random(values.length)] as Value;
  const name = () => (random(3) === 0 ? `f${random(60)}` : pick(names));
  const path = () => Array.from({ length: 1 + random(3) }, name).join('/');
  const kind = random(20);
  if (kind < 11)
    return { do: 'write', path: path(), sizeBytes: pick(sizes), fill: 97 + random(26), appends: kind >= 8 };
  if (kind < 14) return { do: 'mkdir', path: path() };
  return kind < 17 ? { do: 'remove', path: path() } : { do: 'rename', path: path(), to: path() };
}

/** Does it; false where the file system refused, as a full one does. What is damaged is thrown. */
export function take(fs: Littlefs, step: Step): boolean {
  try {
    if (step.do === 'write') write(fs, step);
    else if (step.do === 'mkdir') fs.makeFolder(step.path);
    else if (step.do === 'remove') fs.remove(step.path);
    else fs.rename(step.path, step.to);
    return true;
  } catch (error) {
    if (error instanceof LittlefsError && error.code !== 'corrupt') return false;
    throw error;
  }
}

function write(fs: Littlefs, { path, sizeBytes, fill, appends }: Write): void {
  const content = new Uint8Array(sizeBytes).fill(fill);
  if (appends !== true || fs.stat(path)?.type !== 'file') {
    fs.write(path, content);
    return;
  }
  const file = fs.open(path);
  file.write(file.sizeBytes, content);
  file.close();
}

/** All that is in a file system: of each path the content, undefined for a folder. */
export function treeOf(fs: Littlefs): Map<string, Uint8Array | undefined> {
  const tree = new Map<string, Uint8Array | undefined>();
  const walk = (folder: string) => {
    for (const { name, type } of fs.list(folder)) {
      const path = folder === '' ? name : `${folder}/${name}`;
      tree.set(path, type === 'folder' ? undefined : fs.read(path));
      if (type === 'folder') walk(path);
    }
  };
  walk('');
  return tree;
}

/** A tree as text that is the same for the same tree. */
export function toText(tree: ReadonlyMap<string, Uint8Array | undefined>): string {
  const lines = Array.from(
    tree,
    ([path, content]) => `${path}=${content === undefined ? '/' : runsOf(content)}`,
  );
  return lines.sort().join('\n');
}

/** Contents of these tests are long runs of the same bytes. */
export function runsOf(content: Uint8Array): string {
  const runs: string[] = [];
  for (let at = 0; at < content.length;) {
    let end = at;
    while (end < content.length && content[end] === content[at]) end += 1;
    runs.push(`${String.fromCharCode(content[at] ?? 0)}${end - at}`);
    at = end;
  }
  return runs.join();
}

/** What a file system is to hold after a step that was not refused. */
export function follow(tree: Map<string, Uint8Array | undefined>, step: Step): void {
  const path = plain(step.path);
  if (step.do === 'mkdir') tree.set(path, undefined);
  else if (step.do === 'remove') tree.delete(path);
  else if (step.do === 'rename') move(tree, path, plain(step.to));
  else {
    const before = (step.appends === true ? tree.get(path) : undefined) ?? new Uint8Array(0);
    tree.set(path, Buffer.concat([before, new Uint8Array(step.sizeBytes).fill(step.fill)]));
  }
}

function move(tree: Map<string, Uint8Array | undefined>, from: string, to: string): void {
  for (const [path, content] of [...tree]) {
    if (path !== from && !path.startsWith(`${from}/`)) continue;
    tree.delete(path);
    tree.set(to + path.slice(from.length), content);
  }
}

const plain = (path: string) => path.split('/').filter(Boolean).join('/');
