import { expect } from 'vitest';
import type { Board } from '../../src/board/board.js';
import type { FileStore } from '../../src/board/file-store.js';
import { hashBytes } from '../../src/local/hash-local.js';
import { readState } from '../../src/packages/board-state.js';
import { changedSince, install, placesOf, planInstall } from '../../src/packages/install.js';
import { type Installed, installedText } from '../../src/packages/installed.js';

/** A package of two versions, put on a board without a network. */

const leaf = (version: number) => `version = ${version}\n`.repeat(20);
const paths = (version: number) => [
  'tree/__init__.py',
  'tree/leaf.py',
  'tree/deep/root.py',
  `tree/only${version}.py`,
];
export const treeFiles = (version: number) =>
  Object.fromEntries(paths(version).map((path) => [path, leaf(version)]));
const tree = (version: number) => {
  const bytes = new TextEncoder().encode(leaf(version));
  const { sha256 } = hashBytes(bytes);
  const from = { kind: 'folder', path: 'here' } as const;
  const files = paths(version).map((path) => ({ path, bytes, sha256, package: 'tree', from }));
  const installed: Installed = {
    packages: [
      {
        ...{ name: 'tree', spec: 'tree', version: String(version), from: 'here', asked: true, needs: [] },
        files: files.map(({ path }) => ({ path, sha256 })),
      },
    ],
  };
  return { files, installed };
};

export const whole = (version: number) => [
  ...['/lib/.upyw-packages.json', '/lib/tree', '/lib/tree/__init__.py', '/lib/tree/deep'],
  ...['/lib/tree/deep/root.py', '/lib/tree/leaf.py', `/lib/tree/only${version}.py`],
];
const signal = new AbortController().signal;
const target = '/lib';

/** Of the package that is there, which version it is, all of it and nothing else. */
export async function versionOf(store: FileStore, board?: Board): Promise<number> {
  const state = await readState(store, board, { target, changesNothing: false, signal });
  const version = Number(state.installed.packages[0]?.version);
  expect([...changedSince(state)]).toEqual([]);
  expect([...state.found.values()]).not.toContain(undefined);
  const entries = await store.list('/lib', { recursive: true });
  expect(entries.map(({ path }) => path).toSorted()).toEqual(whole(version).toSorted());
  return version;
}

export async function putTree(board: Board, version: number, given = signal): Promise<void> {
  const { files, installed } = tree(version);
  const options = { target, names: placesOf(files), changesNothing: false, signal: given };
  const state = await readState(board, board, options);
  const plan = await planInstall(board, state, files, installed, { signal: given });
  await install(board, board, plan, {
    signal: given,
    during: (_phase, _files, work) => work(() => undefined),
  });
}

/** A place where the first `done` files of version 2 have taken theirs, as it is when the power goes then. */
export async function cutOffAfter(done: number, store: FileStore, target: string): Promise<void> {
  const { files, installed } = tree(2);
  const old = tree(1);
  const removed = [`${target}/tree/only1.py`];
  const contents = [
    ...old.files.map(({ path, bytes }) => ({ path: `${target}/${path}`, bytes })),
    { path: `${target}/.upyw-packages.json`, bytes: text(installedText(old.installed)) },
    ...files.map(({ path, bytes }, index) => ({
      path: `${target}/${index < done ? path : `.upyw-new/${index}`}`,
      bytes,
    })),
    { path: `${target}/.upyw-new/.upyw-packages.json`, bytes: text(installedText(installed, removed)) },
  ];
  await store.makeFolders([`${target}/tree/deep`, `${target}/.upyw-new`], { parents: true });
  await store.writeFiles(
    contents.map(({ path, bytes }) => ({ path, sizeBytes: bytes.length, load: () => bytes })),
  );
}

const text = (content: string) => new TextEncoder().encode(content);
