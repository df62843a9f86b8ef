import { type Change, type Entry, changesFor } from './contents.js';
import { TagType } from './tag.js';
import type { Place } from './tree.js';

/** The changes that rename within one piece. */
export function renamedWithin(source: Place, target: Place, entry: Entry): Change[] {
  const inserted = insertion(target, entry);
  // What was put in before the source has moved it.
  const moved = target.entry === undefined && target.id <= source.id ? 1 : 0;
  return [...inserted, { type: TagType.delete, id: source.id + moved, data: new Uint8Array(0) }];
}

/** The changes that put an entry to a place, instead of the one that is there. */
export function insertion({ id, entry: before }: Place, entry: Entry): Change[] {
  const nothing = new Uint8Array(0);
  return [
    ...(before === undefined ? [] : [{ type: TagType.delete, id, data: nothing }]),
    { type: TagType.create, id, data: nothing },
    ...changesFor(entry, id),
  ];
}
