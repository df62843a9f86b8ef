import { webAssembly } from './wasm.js';

type NumberFunction = (...args: number[]) => number;

/** The name of what a wrapper imports, and exports again. */
const wrapped = 0x66;
const i32 = 0x7f;

/**
 * A JavaScript function as one of wasm's, which only such can be in a table: a module that exports what it imports. Its parts, in
 * WebAssembly's binary format: the function's type, the import, the export.
 */
export function wasmFunction(parameters: number, call: NumberFunction): NumberFunction {
  const type = [0x60, parameters, ...Array<number>(parameters).fill(i32), 1, i32];
  const wrapper = Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...[1, type.length + 1, 1, ...type],
    ...[2, 7, 1, 1, wrapped, 1, wrapped, 0, 0],
    ...[7, 5, 1, 1, wrapped, 0, 0],
  ]);
  const { exports } = new webAssembly.Instance(new webAssembly.Module(wrapper), { f: { f: call } });
  return (exports as { readonly f: NumberFunction }).f;
}
