import { describe, expect, it } from 'vitest';
import { startVm } from '../../../../src/sim/micropython/start-vm.js';
import { readStartedVm } from '../../../../src/sim/micropython/started-vm.js';

describe('the VM that each board goes on from', () => {
  it('is the one that the start-up code leaves, byte for byte, whenever it runs', async () => {
    const { memory, ...built } = readStartedVm();
    const { memory: freshMemory, ...fresh } = await startVm();
    expect(fresh).toEqual(built);
    expect(Buffer.from(freshMemory).equals(memory)).toBe(true);
  });

  it('has learned where garbage may be collected, and has nothing left open but the way to the machine', () => {
    const { heap, folder, deviceFd } = readStartedVm();
    expect(heap.safeCallers.length).toBeGreaterThan(50);
    expect(heap.ownBytes).toBeGreaterThan(5000);
    // Behind Python's three and the console's four.
    expect([folder, deviceFd]).toEqual(['/flash', 7]);
  });
});
