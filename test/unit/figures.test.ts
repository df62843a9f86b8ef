import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

/** The figures of DESIGN: small files, in folders whose content one sees at a glance. */
const mostLines = 300;
const mostFunctionLines = 50;
const mostFiles = 25;

const top = join(import.meta.dirname, '..', '..');

function filesIn(folder: string): string[] {
  return readdirSync(join(top, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(top, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

const code = ['src', 'test', 'bench', 'bin'].flatMap(filesIn).filter((name) => /\.[jt]s$/.test(name));
const textOf = (name: string) => readFileSync(join(top, name), 'utf8');

test(`no folder of src/ has more than ${mostFiles} files directly in it`, () => {
  const counts = new Map<string, number>();
  for (const name of filesIn('src')) counts.set(dirname(name), (counts.get(dirname(name)) ?? 0) + 1);
  expect([...counts].filter(([, count]) => count > mostFiles)).toEqual([]);
});

test(`no file has more than ${mostLines} lines, tests included`, () => {
  const lengths = code.map((name) => [name, textOf(name).trimEnd().split('\n').length] as const);
  expect(lengths.length).toBeGreaterThan(500);
  expect(lengths.filter(([, length]) => length > mostLines)).toEqual([]);
});

test(`no function has more than ${mostFunctionLines} lines, tests included`, () => {
  const long = code.flatMap((name) => longFunctions(name, textOf(name)));
  expect(long).toEqual([]);
});

test('what is measured is all there is of a function but blank lines and comments', () => {
  const body = (count: number) => Array.from({ length: count }, (_, index) => `  a(${index});\n`).join('');
  const file = (lines: string) => `export function long() {\n${lines}}\n`;
  expect(longFunctions('a.ts', file(body(48)))).toEqual([]);
  expect(longFunctions('a.ts', file(`${body(48)}\n  // why\n`))).toEqual([]);
  expect(longFunctions('a.ts', file(body(49)))).toEqual(['a.ts:1 has 51 lines']);
  expect(longFunctions('a.ts', `test('x', () => {\n${body(49)}});\n`)).toEqual(['a.ts:1 has 51 lines']);
  expect(longFunctions('a.ts', `describe('x', () => {\n${body(49)}});\n`)).toEqual([]);
});

/** What stands in a `describe` is a list of tests, each of which is measured by itself. */
function isGroup(node: ts.Node): boolean {
  return (
    ts.isCallExpression(node.parent) &&
    /^describe/.test(node.parent.expression.getText()) &&
    node.parent.arguments.includes(node as ts.Expression)
  );
}

const isCode = (line: string) => !/^\s*(?:$|\/\/|\/\*|\*)/.test(line);

function longFunctions(name: string, text: string): string[] {
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  const lines = text.split('\n');
  const long: string[] = [];
  const lineOf = (position: number) => file.getLineAndCharacterOfPosition(position).line;
  const visit = (node: ts.Node) => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined && !isGroup(node)) {
      const first = lineOf(node.getStart(file));
      const count = lines.slice(first, lineOf(node.end) + 1).filter(isCode).length;
      if (count > mostFunctionLines) long.push(`${name}:${first + 1} has ${count} lines`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return long;
}
