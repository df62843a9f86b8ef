/**
 * MicroPython 1.20 as a program that has bytes for stdin and stdout: `node old-micropython.js DRIVER ARGUMENT…`. In that version modules
 * still had their `u` and `uzlib` was not `deflate` yet. This build cannot collect garbage while code runs, knows no signals, and has
 * files in memory only.
 */
import { openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { devNull } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Worker, isMainThread, workerData } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';

const ringBytes = 1 << 20;

/** Bytes from another thread: how many were put in and taken out so far, ever, and a ring of them. */
class Ring {
  /** @param {SharedArrayBuffer} shared */
  constructor(shared) {
    this.counts = new Int32Array(shared, 0, 2);
    this.bytes = new Uint8Array(shared, 8);
  }

  get available() {
    return Atomics.load(this.counts, 0) - Atomics.load(this.counts, 1);
  }

  /** @param {Uint8Array} bytes */
  put(bytes) {
    if (this.available + bytes.length > ringBytes) throw new Error('the program reads too little');
    const at = Atomics.load(this.counts, 0);
    bytes.forEach((byte, index) => (this.bytes[(at + index) % ringBytes] = byte));
    Atomics.add(this.counts, 0, bytes.length);
    Atomics.notify(this.counts, 0);
  }

  /**
   * Whether there is something within that time.
   * @param {number} timeoutMs
   */
  wait(timeoutMs) {
    const deadline = performance.now() + timeoutMs;
    while (this.available === 0) {
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) return false;
      Atomics.wait(this.counts, 0, Atomics.load(this.counts, 1), leftMs);
    }
    return true;
  }

  /** @param {Uint8Array} target */
  take(target) {
    const count = Math.min(target.length, this.available);
    const at = Atomics.load(this.counts, 1);
    for (let index = 0; index < count; index += 1) target[index] = this.bytes[(at + index) % ringBytes] ?? 0;
    Atomics.add(this.counts, 1, count);
    return count;
  }
}

/** @param {Ring} ring */
function readStdin(ring) {
  const buffer = new Uint8Array(4096);
  try {
    for (let count = readSync(0, buffer); count > 0; count = readSync(0, buffer))
      ring.put(buffer.subarray(0, count));
  } finally {
    // The other thread sits in the VM.
    process.kill(process.pid);
  }
}

/** What this build lacks of a board: streams of bytes for a console, a `select` for them, and a `gc` that does no harm. */
const prelude = `
import _wire, gc as _gc, sys as _sys
class Out:
    buffer = open("/wire", "wb")
    def write(self, text): return self.buffer.write(text)
class In:
    buffer = open("/wire", "rb")
class Silent:
    def write(self, text): pass
class sys: pass
for name in dir(_sys):
    if name[:2] != "__": setattr(sys, name, getattr(_sys, name))
sys.stdin = In()
sys.stdout = Out()
sys.stderr = Silent()
sys.print_exception = lambda error, file: _sys.print_exception(error, Out.buffer)
sys.argv = ARGUMENTS
class poller:
    def register(self, stream, events=0): pass
    def poll(self, timeout): return [1] if _wire.wait(timeout) else []
class select:
    poll = poller
class gc:
    def collect(): pass
    mem_free = _gc.mem_free
    mem_alloc = _gc.mem_alloc
for module in (sys, select, gc): _sys.modules[module.__name__] = _sys.modules["u" + module.__name__] = module
`;

/** @param {Ring} ring */
async function run(ring) {
  // The VM looks there for Ctrl-C now and then, and prints what else it finds.
  Object.defineProperty(process, 'stdin', { value: { fd: openSync(devNull, 'r') } });
  const [driver = '', ...rest] = process.argv.slice(2);
  const require = createRequire(import.meta.url);
  const module = require.resolve('micropython-1.20/micropython.mjs');
  const { loadMicroPython } = await import(module);
  const wasm = join(dirname(module), 'micropython.wasm');
  const python = await loadMicroPython({ heapsize: 12 * 1024 * 1024, url: wasm });
  python.registerJsModule('_wire', { wait: (/** @type {number} */ timeoutMs) => ring.wait(timeoutMs) });
  prepareFiles(python.FS, ring);
  const words = JSON.stringify([driver, ...rest]);
  python.runPython(prelude.replace('ARGUMENTS', () => words));
  python.FS.unlink('/wire');
  python.runPython(readFileSync(driver, 'utf8'));
}

/** Of what Emscripten numbers otherwise than boards do: ENOENT, EEXIST, ENOTDIR, EISDIR, ENOTEMPTY, EINVAL, ENAMETOOLONG. */
const errnos = new Map([
  [44, 2],
  [20, 17],
  [54, 20],
  [31, 21],
  [55, 39],
  [28, 22],
  [37, 36],
]);

/** An empty root but for the wire. */
function prepareFiles(FS, ring) {
  FS.ErrnoError = class extends FS.ErrnoError {
    constructor(errno, ...rest) {
      super(errnos.get(errno) ?? errno, ...rest);
    }
  };
  FS.genericErrors[44] = new FS.ErrnoError(44);
  FS.root.contents = {};
  const device = FS.makedev(64, 0);
  const wire = {
    read: (_, buffer, offset, length) => {
      ring.wait(Infinity);
      return ring.take(buffer.subarray(offset, offset + length));
    },
    write: (_, buffer, offset, length) => {
      writeAll(buffer.subarray(offset, offset + length));
      return length;
    },
  };
  FS.registerDevice(device, wire);
  // What `print` writes to.
  FS.getStream(1).stream_ops = wire;
  FS.mkdev('/wire', device);
}

function writeAll(bytes) {
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      // Whoever reads is slower.
      if (error.code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

if (isMainThread) {
  const shared = new SharedArrayBuffer(8 + ringBytes);
  const reader = new Worker(fileURLToPath(import.meta.url), { workerData: shared });
  reader.once('online', () => void run(new Ring(shared)));
} else {
  readStdin(new Ring(workerData));
}
