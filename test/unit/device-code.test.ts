import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const folder = new URL('../../device/', import.meta.url);
const modules = readdirSync(folder).filter((name) => name.endsWith('.py'));

/** Under these names in firmware for the ESP32 from v1.19 on; `uio` is the old name of io, known to all of them. */
const alwaysThere = ['gc', 'json', 'machine', 'network', 'ntptime', 'sys', 'time', 'uio'];
/** New names; the old one has to follow for firmware before v1.20 or v1.21. */
const renamed: Readonly<Record<string, string>> = { asyncio: 'uasyncio', requests: 'urequests' };
/** What v1.19 cannot compile, or what is there in some builds only. */
const tooNew: readonly RegExp[] = [
  /:=/,
  /\b[fF]["']/,
  /^\s*(?:match|case)\b.*:$/m,
  /\bexcept\*/,
  /^\s*type \w+ =/m,
  /^\s*def .*[(,]\s*\/\s*[,)]/m,
];

/** Without comments and texts. */
function codeOf(source: string): string {
  return source.replaceAll(/"""[^]*?"""|#.*$/gm, '');
}

describe.each(modules)('device/%s', (name) => {
  const source = readFileSync(new URL(name, folder), 'utf8');
  const code = codeOf(source);

  it('is plain ASCII with ordinary line ends', () => {
    expect(source).toMatch(/^[\n -~]*\n$/);
  });

  it('begins with what it is for', () => {
    expect(source).toMatch(/^"""[A-Z][^\n]+\n/);
  });

  it('uses only syntax that v1.19 compiles', () => {
    expect(tooNew.filter((pattern) => pattern.test(code))).toEqual([]);
  });

  it('imports only what every firmware from v1.19 on has, or falls back on the old name', () => {
    const imported = [...code.matchAll(/^\s*(?:import|from) (\w+)/gm)].map(([, module = '']) => module);
    const own = [...modules.map((file) => file.slice(0, -3)), 'config'];
    for (const module of imported) {
      const old = renamed[module];
      if (old === undefined) {
        expect([...alwaysThere, ...own, ...Object.values(renamed)]).toContain(module);
      } else {
        expect(code).toMatch(
          new RegExp(`try:\\n\\s+import ${module}\\nexcept ImportError:\\s+import ${old} as ${module}\\n`),
        );
      }
    }
  });
});
