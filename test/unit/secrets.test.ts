import { expect, test } from 'vitest';
import { lookForSecrets, secretInFiles, takeLeaks } from '../support/secrets.js';

/** The judge of all other tests' output, judged. */
test.each([
  [['config'], secretInFiles],
  [['provision', '--password', 'correct horse'], 'correct horse'],
  [['provision', '--password=correct horse'], 'correct horse'],
  [['list', '-p', 'sim:?wifi=home:correct%20horse'], 'correct horse'],
])('a password that %j says is found', (args, secret) => {
  lookForSecrets({ args, stdout: `… ${secret} …` });
  lookForSecrets({ args, stderr: secret });
  expect(takeLeaks()).toHaveLength(2);
  lookForSecrets({ args, stdout: 'nothing of that kind' });
  expect(takeLeaks()).toEqual([]);
});

test('what was asked for may be shown, but not told beside it', () => {
  lookForSecrets({ args: ['cat', ':config.py'], stdout: secretInFiles });
  expect(takeLeaks()).toEqual([]);
  lookForSecrets({ args: ['cat', ':config.py'], stderr: secretInFiles });
  expect(takeLeaks()).toHaveLength(1);
});
