/**
 * Adds exports to MicroPython's wasm: functions that are in it, and that its own list leaves out. Follows the binary format of the
 * WebAssembly specification, as far as it is needed here.
 */

const headerBytes = 8;
const Section = { import: 2, export: 7, code: 10 } as const;
/** What is imported or exported. */
const Kind = { function: 0 } as const;
const callOpcode = 0x10;
const nopOpcode = 0x01;
const endOpcode = 0x0b;

interface Span {
  readonly start: number;
  readonly end: number;
}

/** What is in a section; `header` is where its number is. */
interface SectionSpan extends Span {
  readonly header: number;
}

/** Reads a wasm's numbers and names, one after the other. */
class Reader {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  byte(): number {
    return this.#bytes[this.at++] ?? 0;
  }

  /** An unsigned number in LEB128. */
  number(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if ((byte & 0x80) === 0) return value >>> 0;
    }
  }

  name(): string {
    const size = this.number();
    this.at += size;
    return new TextDecoder().decode(this.#bytes.subarray(this.at - size, this.at));
  }

  skip(sizeBytes: number): void {
    this.at += sizeBytes;
  }
}

/** From `gc_collect_end` to `gc_free`: the functions that are compiled from py/gc.c have its order. */
const freeAfterCollectEnd = 4;

/**
 * The wasm with `gc_collect_start` and `gc_collect_end` (py/gc.h) among its exports. The REPL calls them by itself when it is done with
 * a character: the last thing in `mp_js_repl_process_char` is a call of `external_call_depth_dec` (ports/webassembly/main.c), and the
 * last two things in there are calls of these.
 *
 * `gc_free` does nothing any more. Some C functions have an array for a moment, and free it when what they call is done
 * (`mp_obj_instance_make_new`): nothing else leads to it, so it may be garbage already, and be somebody else's.
 */
export function withCollector(wasm: Uint8Array): Uint8Array {
  const sections = sectionsOf(wasm);
  const imported = importedFunctions(wasm, sections);
  const bodies = bodiesOf(wasm, sections);
  const callsOf = (index = 0): number[] => callsIn(wasm, bodies[index - imported]);
  const finished = callsOf(exportedFunction(wasm, sections, 'mp_js_repl_process_char')).at(-1);
  const [start, end] = callsOf(finished);
  if (start === undefined || end === undefined)
    throw new Error('the garbage collector was not found in the wasm');
  const quiet = withoutBody(wasm, bodies[end + freeAfterCollectEnd - imported]);
  return withExports(quiet, sections, { gc_collect_start: start, gc_collect_end: end });
}

/** A function that takes something, gives back nothing, and does nothing. */
function withoutBody(wasm: Uint8Array, body: Span | undefined): Uint8Array {
  if (body === undefined) throw new Error('the wasm has no such function');
  const result = wasm.slice();
  result.fill(nopOpcode, body.start, body.end);
  result[body.start] = 0;
  result[body.end - 1] = endOpcode;
  return result;
}

type Sections = ReadonlyMap<number, SectionSpan>;

function sectionsOf(wasm: Uint8Array): Sections {
  const sections = new Map<number, SectionSpan>();
  for (const reader = new Reader(wasm, headerBytes); reader.at < wasm.length;) {
    const header = reader.at;
    const id = reader.byte();
    const size = reader.number();
    sections.set(id, { header, start: reader.at, end: reader.at + size });
    reader.skip(size);
  }
  return sections;
}

function sectionReader(wasm: Uint8Array, sections: Sections, id: number): Reader {
  const span = sections.get(id);
  if (span === undefined) throw new Error(`the wasm has no section ${id}`);
  return new Reader(wasm, span.start);
}

function importedFunctions(wasm: Uint8Array, sections: Sections): number {
  const reader = sectionReader(wasm, sections, Section.import);
  let functions = 0;
  for (let left = reader.number(); left > 0; left -= 1) {
    reader.name();
    reader.name();
    const kind = reader.byte();
    if (kind !== Kind.function) throw new Error('the wasm imports something else than functions');
    reader.number();
    functions += 1;
  }
  return functions;
}

function exportedFunction(wasm: Uint8Array, sections: Sections, wanted: string): number {
  const reader = sectionReader(wasm, sections, Section.export);
  for (let left = reader.number(); left > 0; left -= 1) {
    const name = reader.name();
    const kind = reader.byte();
    const index = reader.number();
    if (name === wanted && kind === Kind.function) return index;
  }
  throw new Error(`the wasm does not export ${wanted}`);
}

function bodiesOf(wasm: Uint8Array, sections: Sections): Span[] {
  const reader = sectionReader(wasm, sections, Section.code);
  return Array.from({ length: reader.number() }, () => {
    const size = reader.number();
    reader.skip(size);
    return { start: reader.at - size, end: reader.at };
  });
}

/** The functions that a function without loops and tables calls, as its code has them. */
function callsIn(wasm: Uint8Array, body: Span | undefined): number[] {
  if (body === undefined) throw new Error('the wasm has no such function');
  const reader = new Reader(wasm, body.start);
  for (let left = reader.number(); left > 0; left -= 1) {
    reader.number();
    reader.byte();
  }
  const calls: number[] = [];
  while (reader.at < body.end) {
    const opcode = reader.byte();
    const operands = Array.from({ length: operandsOf(opcode) }, () => reader.number());
    if (opcode === callOpcode) calls.push(...operands);
  }
  return calls;
}

/** How many numbers follow an instruction: blocks, branches, calls, variables and constants have one, memory two. */
function operandsOf(opcode: number): number {
  const isMemory = opcode >= 0x28 && opcode <= 0x3e;
  const isVariable = opcode >= 0x20 && opcode <= 0x24;
  if (isMemory) return 2;
  return isVariable || [0x02, 0x03, 0x04, 0x0c, 0x0d, callOpcode, 0x41].includes(opcode) ? 1 : 0;
}

function withExports(
  wasm: Uint8Array,
  sections: Sections,
  functions: Readonly<Record<string, number>>,
): Uint8Array {
  const { header = 0, end = 0 } = sections.get(Section.export) ?? {};
  const reader = sectionReader(wasm, sections, Section.export);
  const count = reader.number() + Object.keys(functions).length;
  const added = Object.entries(functions).flatMap(([name, index]) => {
    const bytes = new TextEncoder().encode(name);
    return [...leb128(bytes.length), ...bytes, Kind.function, ...leb128(index)];
  });
  const body = [...leb128(count), ...wasm.subarray(reader.at, end), ...added];
  const section = Uint8Array.from([Section.export, ...leb128(body.length), ...body]);
  const result = new Uint8Array(wasm.length - (end - header) + section.length);
  result.set(wasm.subarray(0, header));
  result.set(section, header);
  result.set(wasm.subarray(end), header + section.length);
  return result;
}

function leb128(value: number): number[] {
  const bytes: number[] = [];
  for (let left = value; ; left >>>= 7) {
    if (left < 0x80) return [...bytes, left];
    bytes.push((left & 0x7f) | 0x80);
  }
}
