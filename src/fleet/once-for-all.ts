import type { Once } from '../context.js';

/** What the first board asks for is made, and all others get the same: boards of one run do not differ by a file that changed in between. */
export function onceForAll(): Once {
  const made = new Map<string, Promise<unknown>>();
  return <Value>(what: string, make: () => Promise<Value>) => {
    const before = made.get(what) as Promise<Value> | undefined;
    const value = before ?? make();
    made.set(what, value);
    return value;
  };
}
