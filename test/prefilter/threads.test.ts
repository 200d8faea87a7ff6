import assert from 'node:assert/strict';
import { existsSync, globSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';

import { lanes } from '../../bench/lanes/lanes.ts';
import { makeStream } from '../../bench/lanes/make-stream.ts';
import { ThreadedExecutor } from '../../src/pipeline/executor-threads.ts';
import { loadLibrary } from '../../src/pipeline/load-library.ts';
import type { RuleLibrary } from '../../src/pipeline/rule-library.ts';
import { packFolder, readRuleTexts } from '../../src/pipeline/rule-texts.ts';
import { scan } from '../../src/pipeline/scan.ts';
import type { ScanOptions } from '../../src/pipeline/scan.ts';
import { JsonOutput } from '../../src/sinks/json-output.ts';
import { ndjsonFormat } from '../../src/sinks/ndjson.ts';
import { auditd, elastic } from '../cases/render.ts';
import { caseOf, Chance, disguised, randomFrom } from './disguises.ts';

const folder = mkdtempSync(join(tmpdir(), 'portreeve-threads-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Also what correlations are told must have its right place. */
writeFileSync(
  join(folder, 'often.yml'),
  `title: Many port-forwards
id: 5b0f9a7e-1f0a-4f0e-9b7c-0a8c1c1f2d3e
correlation:
  type: event_count
  rules: kubectl_port_forward_started
  group-by: [host.name]
  timespan: 1d
  condition: { gte: 3 }
level: high
---
title: Port-forward started
id: 8d5c1c8e-6d2b-4b56-8a0e-5a6c3f1d2b4a
name: kubectl_port_forward_started
logsource: { category: process_creation }
detection:
  selection: { kubectl.operation: port-forward, process.command_line|contains: kubectl }
  condition: selection
level: low
`,
);
const pack = await loadLibrary(readRuleTexts([packFolder('kubernetes-network'), join(folder, 'often.yml')]));
/** Rules without a sign: every record is read. */
const committed = await loadLibrary(readRuleTexts([join(import.meta.dirname, '../../bench/rules')]));

const MIB = 1024 * 1024;
/** Of random inputs. */
const RUNS = Number(process.env['PORTREEVE_FUZZ_LINES'] ?? '10000') / 5000;

async function outcome(
  library: RuleLibrary,
  paths: readonly string[],
  more: Partial<ScanOptions>,
): Promise<readonly string[]> {
  const said: string[] = [];
  let progress = 0;
  const { statistics, bytes, files, alerts, correlation } = await scan({
    inputs: paths.map((path) => {
      const found = statSync(path);
      return { name: path, path, size: found.isFile() ? found.size : null };
    }),
    library,
    threads: 1,
    shape: null,
    maxRecordBytes: 16 * MIB,
    lookBackBytes: 8 * MIB,
    correlation: { latenessMs: Infinity, memoryBytes: 64 * MIB },
    onAlert: (alert) => void said.push(text(alert)),
    onDiagnostic: (diagnostic) => void said.push(JSON.stringify(diagnostic)),
    onProgress: (count) => (progress += count),
    ...more,
  });
  assert.equal(progress, bytes);
  said.push(JSON.stringify({ statistics, bytes, files, alerts, correlation }));
  return said;
}

/** Whole numbers beyond those of JSON come of some formats. */
function text(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) => (typeof one === 'bigint' ? String(one) : one));
}

/** All that is said, in its order, is the same with one thread, two and three, whoever writes the alerts. Gives it. */
async function same(
  library: RuleLibrary,
  paths: readonly string[],
  more: Partial<ScanOptions> = {},
): Promise<readonly string[]> {
  const one = await outcome(library, paths, more);
  mustEqual(await outcome(library, paths, { ...more, threads: 2 }), one, paths);
  const written = await asLines(library, paths, more);
  for (const threads of [2, 3]) mustEqual(await asLines(library, paths, { ...more, threads }), written, paths);
  return one;
}

function mustEqual(found: readonly string[], expected: readonly string[], paths: readonly string[]): void {
  const first = expected.findIndex((text, i) => text !== found[i]);
  assert.deepEqual(
    [found.length, found[first]?.slice(0, 2000)],
    [expected.length, expected[first]?.slice(0, 2000)],
    paths.join(' '),
  );
}

/** The same with alerts as NDJSON, which other threads write where they can. */
function asLines(
  library: RuleLibrary,
  paths: readonly string[],
  more: Partial<ScanOptions>,
): Promise<readonly string[]> {
  const said: string[] = [];
  const format = ndjsonFormat();
  const out = new JsonOutput();
  const line = (severity: string): void => void said.push(`${severity} ${out.take().toString()}`);
  return outcome(library, paths, {
    ...more,
    onAlert: (alert) => {
      format.alert(alert, out);
      line(alert.severity);
    },
    onWritten: (alert) => {
      alert.write(out);
      line(alert.severity);
    },
    onDiagnostic: (diagnostic) => void said.push(JSON.stringify(diagnostic)),
  }).then((statistics) => [...said, ...statistics]);
}

function file(name: string, bytes: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

test('every lane, plain and compressed', async () => {
  const paths = lanes.flatMap((lane) => {
    const { bytes } = makeStream(lane, {
      seed: 'threads',
      bytes: 3 * MIB,
      repeating: false,
      hitShare: 0.02,
      withLogSource: true,
    });
    return [file(`${lane.name}.ndjson`, bytes), file(`${lane.name}.gz`, gzipSync(bytes, { level: 1 }))];
  });
  assert.ok((await same(pack, paths)).length > 500);
  assert.ok((await same(committed, paths.slice(0, 4))).length > 20);
});

test('records that many rules match, with what is wrong in them', async () => {
  const rules = Array.from(
    { length: 12 },
    (_, i) => `title: Word ${i}
id: 7c1f5b3a-0d1e-4c57-9a5e-${String(i).padStart(12, '0')}
logsource: { product: windows, category: process_creation }
detection:
  selection: { CommandLine|contains: word${i % 6} }
  condition: selection
level: low
`,
  );
  const library = await loadLibrary(readRuleTexts([file('words.yml', rules.join('---\n'))]));
  const line = (i: number): Buffer =>
    Buffer.concat([
      Buffer.from(
        `{"product":"windows","category":"process_creation","ProcessId":${i},"ParentProcessId":${i - 3},"CommandLine":"`,
      ),
      Buffer.from(i % 11 === 0 ? [0xff] : []),
      Buffer.from(Array.from({ length: 6 }, (_, word) => `word${word} ${'x'.repeat((i * word) % 37)}`).join(' ')),
      Buffer.from(i % 13 === 0 ? '"\n' : '"}\n'),
    ]);
  const dense = Array.from({ length: 9000 }, (_, i) => line(i));
  // Between dense stretches nothing matches.
  const quiet = Array.from({ length: 9000 }, (_, i) => Buffer.from(`{"product":"windows","CommandLine":"${i}"}\n`));
  const path = file('dense.ndjson', Buffer.concat([...dense, ...quiet, ...dense]));
  const said = await same(library, [path]);
  assert.ok(said.length > 15_000, `${said.length}`);
  const object = await outcome(library, [path], { engine: 'object' });
  const alerts = (all: readonly string[]): readonly string[] => all.filter((one) => one.startsWith('{"identity"'));
  assert.deepEqual(alerts(said), alerts(object));
});

test('events of every source', async (t) => {
  const root = join(import.meta.dirname, '../../../shared/data/events');
  if (!existsSync(root)) {
    t.skip('the events are not here');
    return;
  }
  const paths = globSync(join(root, '**/*.*')).sort();
  assert.ok(paths.length > 10);
  await same(pack, paths, { readInFull: 1000 });
  await same(committed, paths);
});

test('lines of every length, audit events and parents across the edges of blocks and parts', async (t) => {
  const seed = Number(process.env['PORTREEVE_FUZZ_SEED'] ?? Date.now() % 1_000_000_007);
  t.diagnostic(`seed ${seed}`);
  const chance = new Chance(randomFrom(seed));
  for (let run = 0; run < RUNS; run++) {
    const lines = hostileLines(chance, chance.pick([1.3, 2.6, 4.4]) * MIB);
    const bytes = Buffer.from(lines.join(chance.pick(['\n', '\n', '\r\n'])));
    const mark = chance.is(0.3) ? Buffer.from([0xef, 0xbb, 0xbf]) : Buffer.alloc(0);
    // Ends at edges, just before and behind them.
    const size = chance.is(0.5)
      ? bytes.length
      : Math.floor(bytes.length / MIB) * MIB + chance.pick([-1, 0, 1, 100_000]);
    const whole = Buffer.concat([mark, bytes.subarray(0, size)]);
    const more = {
      maxRecordBytes: chance.pick([3000, 700_000, 16 * MIB]),
      lookBackBytes: chance.pick([2000, 300_000, 8 * MIB]),
      readInFull: chance.pick([100, 128 * 1024]),
    };
    const plain = file('hostile.ndjson', whole);
    const expected = await same(pack, [plain], more);
    assert.ok(expected.length > 1);
    const packed = file('hostile.ndjson', chance.pick([gzipSync, zstdCompressSync])(whole));
    const other = await same(pack, [packed], more);
    assert.deepEqual(other.slice(0, -1), expected.slice(0, -1));
  }
});

function hostileLines(chance: Chance, most: number): readonly string[] {
  const lines: string[] = [];
  let held: readonly string[] = [];
  let size = 0;
  const kinds = ['long', 'audit', 'audit', 'hit', 'near', 'plain', 'plain', 'dense', 'odd'] as const;
  while (size < most) {
    // Something is to be said of each: one long line may be all that there is room for.
    const kind = size === 0 ? 'hit' : chance.pick(kinds);
    const many = kind === 'long' ? 1 : kind === 'dense' ? 400 : 150;
    for (let i = 0; i < many; i++) {
      const nth = lines.length;
      switch (kind) {
        case 'long':
          lines.push(`{"a":"${'x'.repeat(chance.pick([10, 300_000, 1_500_000]))}${chance.pick(['', 'kubectl'])}"}`);
          break;
        case 'audit': {
          const argv = chance.is(0.05) ? ['kubectl', 'port-forward', 'svc/web', `${nth}:80`] : ['git', 'status'];
          const [head = '', ...rest] = auditd(caseOf({ os: 'linux', argv }), nth);
          lines.push(head, ...held);
          held = rest;
          break;
        }
        case 'hit':
        case 'dense':
          lines.push(
            elastic(
              caseOf(chance.is(0.2) ? disguised(chance) : { os: 'linux', argv: ['kubectl', 'proxy', `-p=${nth % 9}`] }),
              nth,
            ).join('\n'),
          );
          break;
        case 'near':
          lines.push(
            elastic(caseOf({ os: 'linux', argv: ['kubectl', 'get', 'pods'] }), nth)
              .join('\n')
              .slice(0, chance.is(0.1) ? 200 : Infinity),
          );
          break;
        case 'plain':
          lines.push(elastic(caseOf({ os: 'linux', argv: ['git', 'log', 'x'.repeat(nth % 997)] }), nth).join('\n'));
          break;
        case 'odd':
          lines.push(
            chance.pick(['', ' ', '\t\r', 'kubectl', '{', '<Event kubectl', '\u0000kubectl', '{"kubectl":\ud800}']),
          );
          break;
      }
      size += lines.at(-1)?.length ?? 0;
    }
  }
  return lines;
}

test('parts that one worker reads after each other, with parents and long lines across their edges', async () => {
  const part = 8 * MIB;
  for (const name of ['crowdstrike', 'auditd']) {
    const lane = lanes.find((one) => one.name === name);
    assert.ok(lane);
    const { bytes } = makeStream(lane, {
      seed: `parts ${name}`,
      bytes: 5 * part + MIB,
      repeating: false,
      hitShare: 0.001,
      withLogSource: true,
    });
    const pieces: Uint8Array[] = [];
    let from = 0;
    let size = 0;
    for (const [edge, behind] of [
      [part, 0],
      [2 * part, MIB],
      [4 * part, 300],
    ] as const) {
      const to = bytes.lastIndexOf(10, from + edge - 2 * MIB - size) + 1;
      size += to - from;
      const long = Buffer.from(`{"kubectl":"${'x'.repeat(edge + behind - size - 15)}"}\n`);
      size += long.length;
      assert.equal(size, edge + behind);
      pieces.push(bytes.subarray(from, to), long);
      from = to;
    }
    const path = file('parts.ndjson', Buffer.concat([...pieces, bytes.subarray(from)]));
    for (const maxRecordBytes of [16 * MIB, MIB]) assert.ok((await same(pack, [path], { maxRecordBytes })).length > 20);
  }
});

test('compressed input that is cut: what was there, then the error', async () => {
  const lane = lanes.find(({ name }) => name === 'ecs');
  assert.ok(lane);
  const { bytes } = makeStream(lane, {
    seed: 'cut',
    bytes: 6 * MIB,
    repeating: true,
    hitShare: 0.02,
    withLogSource: true,
  });
  const packed = gzipSync(bytes);
  const said = await same(pack, [file('cut.gz', packed.subarray(0, packed.length - 1000)), file('whole.gz', packed)]);
  assert.match(said.join('\n'), /input-cut/);
});

test('a worker that fails fails the scan, and says why', async () => {
  const executor = new ThreadedExecutor({
    library: pack,
    shape: null,
    lookBackBytes: 1000,
    threads: 2,
    raw: undefined,
    writesAlerts: false,
  });
  try {
    const source = { kind: 'memory', blocks: [], offset: 0 } as const;
    const task = { file: '', input: 0, from: 0, to: 0, end: 0, first: 0, source };
    await assert.rejects(executor.segment(task), /where nothing can be/);
    await assert.rejects(executor.segment(task), /where nothing can be/);
  } finally {
    await executor.close();
  }
});

test('memory of batches is used again where few workers suffice', async () => {
  const executor = new ThreadedExecutor({
    library: pack,
    shape: null,
    lookBackBytes: 100_000,
    threads: 4,
    raw: undefined,
    writesAlerts: false,
  });
  try {
    const line = Buffer.from(`{"a":"${'x'.repeat(50_000)}"}`);
    const buffers = new Set<ArrayBufferLike>();
    for (let sequence = 0; sequence < 100; sequence++) {
      const bytes = executor.allocate(line.length);
      buffers.add(bytes.buffer);
      bytes.set(line);
      const starts = Uint32Array.of(0);
      const ends = Uint32Array.of(line.length);
      // One after another: a single worker could do it.
      await executor.evaluate('', {
        sequence,
        bytes,
        count: 1,
        starts,
        ends,
        lines: Float64Array.of(sequence + 1),
        offsets: Float64Array.of(sequence * (line.length + 1)),
      });
    }
    assert.ok(buffers.size < 20, `${buffers.size} buffers`);
  } finally {
    await executor.close();
  }
});

test('a file that cannot be read any further is said so', async () => {
  const executor = new ThreadedExecutor({
    library: pack,
    shape: null,
    lookBackBytes: 1000,
    threads: 2,
    raw: { required: { signs: [], all: [], alternatives: [] }, maxRecordBytes: MIB, lookBackBytes: 1000 },
    writesAlerts: false,
  });
  try {
    const source = { kind: 'file', fd: 1_000_000, before: 0 } as const;
    const { failure, said } = await executor.segment({
      file: '',
      input: 0,
      from: 0,
      to: MIB,
      end: MIB,
      first: 0,
      source,
    });
    assert.deepEqual(failure, { code: 'EBADF', offset: 0 });
    assert.deepEqual(said, []);
  } finally {
    await executor.close();
  }
});
