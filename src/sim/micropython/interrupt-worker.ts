import type { Worker } from 'node:worker_threads';

/** The name under which the worker offers its interrupt handler. */
export const interruptHandlerName = 'upywTakeInterrupt';

interface AttachedWorker {
  readonly params: { readonly sessionId: string; readonly workerInfo: { readonly title: string } };
}

/**
 * Runs the interrupt handler inside a worker that is busy in wasm (`while True: pass`), as a UART's interrupt would.
 * Only V8's inspector can get in there: it runs its messages at the next loop back edge.
 * Does nothing where Node was built without it.
 */
export async function interruptWorker(worker: Worker): Promise<void> {
  const inspector = await import('node:inspector').catch(() => undefined);
  if (inspector === undefined) return;
  const session = new inspector.Session();
  session.connect();
  const message = JSON.stringify({
    id: 1,
    method: 'Runtime.evaluate',
    params: { expression: `${interruptHandlerName}()` },
  });
  const { promise: delivered, resolve } = deferred();
  session.on('NodeWorker.receivedMessageFromWorker', resolve);
  worker.once('exit', resolve);
  session.on('NodeWorker.attachedToWorker', ({ params }: AttachedWorker) => {
    // `workerId` only counts what this session has met; the title begins with the thread's id.
    if (!params.workerInfo.title.startsWith(`[worker ${worker.threadId}]`)) return;
    session.post('NodeWorker.sendMessageToWorker', { sessionId: params.sessionId, message });
  });
  session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
  await delivered;
  worker.off('exit', resolve);
  session.disconnect();
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
