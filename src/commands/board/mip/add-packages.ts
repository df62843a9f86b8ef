import { extname } from 'node:path';
import { yamlString } from '../../../config/yaml-string.js';

/** The text of a config with more `packages`; comments and all else stay. Undefined for one that is a program, or written in a way of its own. */
export function addPackages(path: string, text: string, specs: readonly string[]): string | undefined {
  const ending = extname(path);
  if (ending === '.yaml' || ending === '.yml') return addToYaml(text, specs);
  return ending === '.json' ? addToJson(path, text, specs) : undefined;
}

/** What YAML takes for text without quotes, and for nothing else. */
const plainForm = /^(?!(?:true|false|yes|no|on|off|null|y|n)$)[A-Za-z][\w./@+-]*(?::[\w./@+-]+)?$/i;

/** A line for each. */
export function yamlItems(specs: readonly string[], indent = '  '): string[] {
  return specs.map((spec) => `${indent}- ${plainForm.test(spec) ? spec : yamlString(spec)}`);
}

/** A block list at the top level, as people write it: behind its last line; else at the end of the file. */
function addToYaml(text: string, specs: readonly string[]): string | undefined {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/);
  const key = lines.findIndex((line) => /^packages\s*:/.test(line));
  const added = (indent: string) => yamlItems(specs, indent);
  if (key === -1)
    return [...lines, ...(lines.length > 0 ? [''] : []), 'packages:', ...added('  '), ''].join(newline);
  if (/^packages\s*:\s*\[\s*\]\s*(?:#.*)?$/.test(lines[key] ?? '')) lines[key] = 'packages:';
  if (!/^packages\s*:\s*(?:#.*)?$/.test(lines[key] ?? '')) return undefined;
  let last = key;
  let indent = '  ';
  for (let at = key + 1; at < lines.length; at += 1) {
    const [, spaces] = /^(\s*)- /.exec(lines[at] ?? '') ?? [];
    if (spaces !== undefined) [last, indent] = [at, spaces];
    else if (/^\S/.test(lines[at] ?? '') && !/^#/.test(lines[at] ?? '')) break;
  }
  return [...lines.slice(0, last + 1), ...added(indent), ...lines.slice(last + 1), ''].join(newline);
}

function addToJson(path: string, text: string, specs: readonly string[]): string {
  const content = JSON.parse(text === '' ? '{}' : text) as Record<string, unknown>;
  const indent = /^([ \t]+)"/m.exec(text)?.[1] ?? '  ';
  const isPackageJson = /[\\/]package\.json$/.test(path);
  const settings = (isPackageJson ? (content['upyw'] ?? {}) : content) as Record<string, unknown>;
  const before = Array.isArray(settings['packages']) ? (settings['packages'] as unknown[]) : [];
  const after = { ...settings, packages: [...before, ...specs] };
  return `${JSON.stringify(isPackageJson ? { ...content, upyw: after } : after, null, indent)}\n`;
}
