/** Makes something for the first that asks, and gives all others the same. `what` names it. */
export type Once = <Value>(what: string, make: () => Promise<Value>) => Promise<Value>;

/** For one run, be it of one board or of many: its boards do not differ by a file that changed in between. */
export function oncePerRun(): Once {
  const made = new Map<string, Promise<unknown>>();
  return <Value>(what: string, make: () => Promise<Value>) => {
    const before = made.get(what) as Promise<Value> | undefined;
    const value = before ?? make();
    made.set(what, value);
    return value;
  };
}
