import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { webAssembly, type WasmModule } from './wasm.js';
import { withCollector } from './wasm-exports.js';

let compiled: WasmModule | undefined;

/** MicroPython's wasm, compiled once per process: every worker and every reset starts from it. */
export function compiledModule(): WasmModule {
  const path = createRequire(import.meta.url).resolve(
    '@micropython/micropython-webassembly-pyscript/micropython.wasm',
  );
  compiled ??= new webAssembly.Module(withCollector(readFileSync(path)));
  return compiled;
}
