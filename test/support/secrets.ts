/** The password of tests that keep it in files; those on command lines are found there. */
export const secretInFiles = 'tell-nobody-42';

/** What a run was called with and what it said. */
export interface Told {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdout?: string;
  readonly stderr?: string;
}

/** These show what the user asks a board or a file to show, passwords too. */
const showing = new Set(['cat', 'eval', 'exec', 'get', 'repl', 'run']);
const shortestBytes = 8;
const leaks: string[] = [];

/** Remembers where upyw said a Wi-Fi password by itself; `test/support/no-secrets.ts` fails the test then. */
export function lookForSecrets({ args, env = {}, stdout = '', stderr = '' }: Told): void {
  const isAsked = args.some((arg) => showing.has(arg));
  const said = isAsked ? stderr : stdout + stderr;
  for (const secret of [secretInFiles, ...secretsIn(args, env)]) {
    if (said.includes(secret)) leaks.push(`upyw ${args.join(' ')} said ${secret}`);
  }
}

/** What was found since the last call. */
export function takeLeaks(): string[] {
  return leaks.splice(0);
}

function secretsIn(args: readonly string[], env: Told['env'] = {}): string[] {
  const flags = args.flatMap((arg, index) => {
    if (arg.startsWith('--password=')) return [arg.slice('--password='.length)];
    return arg === '--password' ? [args[index + 1] ?? ''] : [];
  });
  const addresses = [...args, env['UPYW_PORT'] ?? ''].flatMap((text) =>
    [...text.matchAll(/wifi=[^:&]*:([^&]*)/g)].map(([, password = '']) => decoded(password)),
  );
  const all = [...flags, ...addresses, env['UPYW_WIFI_PASSWORD'] ?? ''];
  return all.filter((secret) => secret.length >= shortestBytes);
}

/** Also a test of a wrong address may come by. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
