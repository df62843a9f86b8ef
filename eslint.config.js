import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Keeps a folder of src/ from importing others: the direction of dependencies in CONTRIBUTING.md, held by the linter. */
function layer(files, forbidden, message) {
  return {
    files,
    rules: {
      'no-restricted-imports': ['error', { patterns: [{ group: forbidden, message }] }],
    },
  };
}

const hardware = ['serialport', '@serialport/*', 'esptool-js'];
const terminal = ['chalk', 'ora', 'inquirer', '@inquirer/*'];
const commandLine = [
  'commander',
  'cosmiconfig',
  ...terminal,
  '**/commands/**',
  '**/ui/**',
  '**/program.js',
  '**/main.js',
];

export default defineConfig(
  globalIgnores(['build', 'dist', 'coverage']),
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.config.js', '*.config.ts', 'bundle.js', 'bin/*.js'] },
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      'no-console': 'error',
      'no-restricted-globals': ['error', { name: 'Buffer', message: 'Uint8Array in interfaces.' }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
    },
  },
  layer(['src/**/*.ts'], hardware, 'Only transport/serial.ts and loader/ talk to these.'),
  layer(
    ['src/errors/**', 'src/errors.ts'],
    ['**/{transport,rawrepl,board,loader,sim,commands,ui,config}/**'],
    'errors is a leaf.',
  ),
  layer(
    ['src/config/**'],
    [...hardware, '**/{transport,rawrepl,board,loader,sim,commands,ui}/**'],
    'config is a leaf.',
  ),
  layer(
    ['src/transport/**'],
    ['esptool-js', ...commandLine, '**/{rawrepl,board,loader,firmware,provision,sim}/**'],
    'transport knows errors only.',
  ),
  layer(
    ['src/rawrepl/**'],
    [...hardware, ...commandLine, '**/{board,loader,firmware,provision,sim}/**'],
    'rawrepl stands on transport.',
  ),
  layer(
    ['src/board/**'],
    [...hardware, ...commandLine, '**/{loader,firmware,provision,sim}/**'],
    'board stands on rawrepl.',
  ),
  layer(
    ['src/loader/**'],
    ['serialport', ...commandLine, '**/{rawrepl,board,provision,sim}/**'],
    'loader stands on transport and firmware.',
  ),
  layer(
    ['src/firmware/**'],
    [...hardware, ...commandLine, '**/{transport,rawrepl,board,loader,provision,sim}/**'],
    'firmware is parsing only.',
  ),
  layer(
    ['src/littlefs/**'],
    [...hardware, ...commandLine, '../**'],
    'littlefs is a leaf: the format on the disk, and nothing else.',
  ),
  layer(
    ['src/fat/**'],
    [...hardware, ...commandLine, '../**'],
    'fat is a leaf: the format on the disk, and nothing else.',
  ),
  layer(
    ['src/images/**'],
    [...hardware, ...commandLine, '**/{loader,provision,sim}/**'],
    'images stands on littlefs, with the interface of board.',
  ),
  layer(
    ['src/provision/**'],
    [...hardware, ...commandLine, '**/{loader,firmware,sim}/**'],
    'provision stands on board and config.',
  ),
  layer(
    ['src/sim/**'],
    [
      ...hardware,
      ...commandLine,
      '**/{rawrepl,board,loader,firmware,provision}/**',
      '**/transport/!(port.js)',
    ],
    'The virtual board judges upyw, so it shares no protocol code with it: only the types of transport/port.ts.',
  ),
  {
    files: ['src/transport/serial.ts', 'src/transport/list-ports.ts'],
    rules: { 'no-restricted-imports': 'off' },
  },
  {
    // What upyw says may hold text of a board or a file. The reporters make it printable, and nobody else prints.
    files: ['src/**/*.ts'],
    ignores: [
      'src/ui/**',
      'src/main.ts',
      'src/program.ts',
      'src/commands/running/repl/**',
      'src/commands/running/repl.ts',
    ],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...['object.property.name', 'object.name'].map((name) => ({
          selector: `CallExpression[callee.property.name='write'][callee.${name}=/^std(out|err)$/]`,
          message: 'Only the reporters of ui/ print: they make all text printable.',
        })),
      ],
    },
  },
  {
    files: ['src/commands/**'],
    rules: { 'no-restricted-imports': ['error', { patterns: [...hardware, ...terminal] }] },
  },
  {
    files: ['test/**', 'bench/**'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off', 'no-restricted-globals': 'off' },
  },
  {
    files: ['**/*.js'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { process: 'readonly', URL: 'readonly', setTimeout: 'readonly' } },
  },
  { files: ['bench/**', 'bin/**'], rules: { 'no-console': 'off', 'no-undef': 'off' } },
);
