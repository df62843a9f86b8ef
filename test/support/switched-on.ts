import type { TestContext } from 'vitest';
import { openPort, type Port } from 'upyw';
import { ReplClient } from './repl-client.js';

/** A virtual board in its raw REPL. */
export interface SwitchedOn {
  readonly port: Port;
  readonly repl: ReplClient;
}

/** Switches a virtual board on; it goes off at the end of the test. */
export async function switchOn(
  address: string,
  { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
): Promise<SwitchedOn> {
  const port = await openPort(address);
  onTestFinished(() => port.close());
  const repl = new ReplClient(port);
  await repl.enterRaw();
  return { port, repl };
}

/** The reset button is pressed. */
export async function pressReset(port: Port): Promise<void> {
  await port.setLines({ dtr: false, rts: true });
  await port.setLines({ rts: false });
}
