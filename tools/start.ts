// `npm start`: the main job on the shipped example, then what to run next.
import { spawnSync } from 'node:child_process';
import { join, relative } from 'node:path';

const root = join(import.meta.dirname, '..');
const example = join(root, 'examples', 'attack-chain');
const { status } = spawnSync(
  process.execPath,
  [
    join(root, 'src', 'cli', 'main.ts'),
    'scan',
    relative(process.cwd(), example) || '.',
    '--format',
    'table',
    '--stats',
  ],
  { stdio: 'inherit' },
);
if (status !== 0) process.exit(status ?? 2);
process.stdout.write(`
These are the alerts of one night: examples/attack-chain/README.md tells the story behind them.

Next:
  npm run --silent portreeve -- scan PATH                  your own events: files, folders, .gz, .zst, or - for standard input
  npm run --silent portreeve -- scan PATH --format ndjson  one alert a line, for scripts
  npm run --silent portreeve -- kubectl explain -- kubectl port-forward --address 0.0.0.0 svc/db 5432
  npm run --silent portreeve -- --help
`);
