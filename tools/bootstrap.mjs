// The first thing that runs on a fresh clone, so it must run on an old Node: no TypeScript, no dependency.
// It finds or fetches a Node that is new enough, installs what is missing, and hands over to the task asked for.
// Everything it says goes to standard error: standard output belongs to the task.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const nodeHome = join(root, 'tools', 'node');

/** What each npm script runs, once Node and the packages are there. */
const tasks = {
  start: ['tools/start.ts'],
  portreeve: ['src/cli/main.ts'],
  check: ['tools/check.ts'],
  unit: ['tools/check.ts', 'unit'],
  build: ['tools/check.ts', 'build'],
  bench: ['bench/run.ts'],
  fix: ['tools/check.ts', 'fix'],
  kernel: ['tools/kernel.ts'],
};

const [task, ...rest] = process.argv.slice(2);
const entry = tasks[task];
if (entry === undefined) {
  fail(`unknown task ${JSON.stringify(task)}; expected one of: ${Object.keys(tasks).join(', ')}`);
}

const node = findNode();
installPackages(node);
const run = spawnSync(node, [...entry.map((part, i) => (i === 0 ? join(root, part) : part)), ...rest], {
  stdio: 'inherit',
  env: { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` },
});
if (run.error) fail(`could not start ${node}: ${run.error.message}`);
process.exit(run.status ?? 128);

/** The path of a Node that meets `engines`: this one, or the pinned one, fetched on first use and kept. */
function findNode() {
  const wanted = /(\d+)\.(\d+)/.exec(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).engines.node);
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [wantedMajor, wantedMinor] = [Number(wanted[1]), Number(wanted[2])];
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return process.execPath;

  const advice = `Node ${process.versions.node} is too old: Portreeve needs ${wantedMajor}.${wantedMinor} or later. Install it from https://nodejs.org and try again`;
  const pinned = pinnedNode();
  if (pinned !== undefined) return pinned;
  say(
    `Node ${process.versions.node} is older than ${wantedMajor}.${wantedMinor}: fetching the pinned one from the npm registry (once)`,
  );
  npm(process.execPath, nodeHome, ['ci', '--no-audit', '--no-fund'], advice);
  const fetched = pinnedNode();
  if (fetched === undefined) fail(`${advice} (no Node package for ${process.platform}-${process.arch})`);
  return fetched;
}

/** The pinned Node, if it is there and is the version that the lockfile names. */
function pinnedNode() {
  const modules = join(nodeHome, 'node_modules');
  if (!existsSync(modules)) return undefined;
  const lock = JSON.parse(readFileSync(join(nodeHome, 'package-lock.json'), 'utf8'));
  for (const name of readdirSync(modules)) {
    const binary = join(modules, name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    const manifest = join(modules, name, 'package.json');
    if (!existsSync(binary) || !existsSync(manifest)) continue;
    const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
    if (version === lock.packages[`node_modules/${name}`]?.version) return binary;
  }
  return undefined;
}

/** Installs the packages of the lockfile, unless the last install was of this very lockfile. */
function installPackages(nodePath) {
  const modules = join(root, 'node_modules');
  const stamp = join(modules, '.portreeve-lock');
  const hash = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  say('installing packages');
  npm(nodePath, root, ['ci', '--no-audit', '--no-fund'], 'The packages could not be installed');
  mkdirSync(modules, { recursive: true });
  writeFileSync(`${stamp}.new`, hash);
  renameSync(`${stamp}.new`, stamp);
}

function npm(nodePath, cwd, args, onFailure) {
  // Run by npm, its own script is named in the environment: the npm that came with the user's Node.
  const script = process.env.npm_execpath;
  const byScript = script !== undefined && /\.c?js$/.test(script);
  const result = byScript
    ? spawnSync(nodePath, [script, ...args], { cwd, stdio: ['ignore', 2, 2], env: npmEnvironment() })
    : spawnSync('npm', args, {
        cwd,
        stdio: ['ignore', 2, 2],
        env: npmEnvironment(),
        shell: process.platform === 'win32',
      });
  if (result.status !== 0)
    fail(`${onFailure} (npm ${args.join(' ')} ended with ${result.status ?? result.error?.message})`);
}

/** Without the variables that tell npm it is inside the script of another package. */
function npmEnvironment() {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(package|lifecycle|command|config_local_prefix)/.test(name)),
  );
}

function say(line) {
  process.stderr.write(`portreeve: ${line}\n`);
}

function fail(line) {
  say(line);
  process.exit(2);
}
