import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import type { JsonObject } from '../event/json.ts';
import { isObject } from '../event/json.ts';
import { parseJson } from '../event/parse-json.ts';
import { auditGroup } from './audit-line.ts';
import { unwrap } from './envelope.ts';
import { recognise } from './recognise.ts';
import { decodeText } from './text.ts';

const data = new URL('../../../shared/data/events/', import.meta.url);
const absent = existsSync(data) ? false : 'shared data is not here: ../shared/data/events';
const expectations: Record<string, { readonly expected: number; readonly found: number; readonly why: string }> =
  JSON.parse(readFileSync(new URL('expectations/process-starts.json', import.meta.url), 'utf8'));

/** Shapes each folder's documents may have, and how many documents of a file are junk or fragments. */
const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  auditd: ['auditd', 'auditd-laurel', 'auditbeat', 'auditd-log', 'auditd-coalesced'],
  carbon_black_cloud: ['carbon-black-cloud', 'carbon-black-cloud-ecs'],
  carbon_black_edr: ['carbon-black-edr', 'carbon-black-edr-ecs'],
  crowdstrike_event_stream: ['crowdstrike-stream'],
  crowdstrike_fdr: ['crowdstrike', 'crowdstrike-ecs'],
  elastic_cloud_defend: ['defend-for-containers'],
  elastic_defend: ['elastic'],
  falco: ['falco', 'falco-ecs'],
  jamf_protect: ['jamf', 'jamf-ecs'],
  kubearmor: ['kubearmor'],
  kubernetes_audit: [
    'kubernetes-audit',
    'kubernetes-audit-aks',
    'kubernetes-audit-gke',
    'kubernetes-audit-ecs',
    'gcp-audit',
    'azure-activity',
  ],
  microsoft_defender: ['defender', 'defender-ecs'],
  ocsf: ['ocsf', 'ocsf-ecs'],
  osquery: ['osquery', 'osquery-ecs'],
  sentinelone_cloud_funnel: ['sentinelone', 'sentinelone-ecs'],
  sysdig: ['sysdig', 'sysdig-ecs'],
  sysmon_linux: ['sysmon', 'sysmon-ecs'],
  tetragon: ['tetragon', 'tetragon-ecs'],
  windows_sysmon: ['sysmon', 'sysmon-ecs', 'windows-event-ecs'],
};

const UNRECOGNISED: Readonly<Record<string, { readonly records: number; readonly why: string }>> = {
  'auditd/integrations-auditd-raw.raw.log': {
    records: 1,
    why: 'a line cut before its time and serial: `type=UNKNOWN[1329] msg=g`',
  },
  'elastic_defend/endpoint-package-network-pipeline.jsonl': {
    records: 6,
    why: 'pipeline inputs with a message and one field: fragments',
  },
  'kubernetes_audit/falco-trace-files.raw.jsonl': { records: 1, why: 'the junk document {"kind":0}' },
  'kubernetes_audit/panther-gke.jsonl': {
    records: 1,
    why: 'a rule test of nothing but an operation producer: a fragment',
  },
  'sysmon_linux/integrations-syslog.log': { records: 10, why: 'banner lines of text before the first event' },
};

test(
  'every shared document is of its shape, and as many are process starts as SOURCES.md says',
  { skip: absent },
  async (t) => {
    const table = readTable(readFileSync(new URL('SOURCES.md', data), 'utf8'));
    assert.ok(table.size > 80, `only ${table.size} files in the table`);
    for (const file of filesIn(data)) {
      await t.test(file, () => {
        const texts = readFile(file);
        const records = texts.map(({ record }) => record);
        const shapes = records.map((record) => (record === undefined ? undefined : recognise(record)));
        const allowed = FOLDERS[file.slice(0, file.indexOf('/'))] ?? [];
        for (const [i, shape] of shapes.entries()) {
          if (shape !== undefined)
            assert.ok(
              allowed.includes(shape.name),
              `${file}: record ${i + 1} is ${shape.name}: ${JSON.stringify(records[i], exact).slice(0, 200)}`,
            );
        }
        const lost = shapes.flatMap((shape, i) =>
          shape === undefined ? [JSON.stringify(records[i], exact)?.slice(0, 200)] : [],
        );
        assert.equal(lost.length, UNRECOGNISED[file]?.records ?? 0, `${file}: unrecognised ${lost.join('\n')}`);
        const starts = records.filter(
          (record, i) => record !== undefined && shapes[i]?.processStart(record) !== undefined,
        ).length;
        for (const { text, record } of texts) {
          const shape = record && recognise(record);
          if (record === undefined || shape?.lineage === undefined || !shape.processStart(record)) continue;
          assert.ok(shape.lineage.mayBeStart(text), `${shape.name}: not told to be a start: ${text.slice(0, 200)}`);
        }
        const entry = expectations[file];
        const expected = table.get(file);
        assert.ok(expected !== undefined, `${file} is not in the table`);
        if (entry) assert.equal(entry.expected, expected, `${file}: the table says otherwise now`);
        assert.equal(starts, entry?.found ?? expected, `${file}: process starts`);
        for (const [i, record] of records.entries()) {
          const shape = shapes[i];
          const time = record === undefined ? undefined : shape?.time(record);
          if (time !== undefined) assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,9}Z$/);
        }
      });
    }
    const unused = Object.keys(expectations).filter((file) => !table.has(file));
    assert.deepEqual(unused, [], 'expectations of files that are gone');
  },
);

function exact(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

function filesIn(folder: URL): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.jsonl') || file.endsWith('.log'))
    .sort();
}

/** `| file | events | process starts | …`, file in backquotes. */
function readTable(markdown: string): Map<string, number> {
  const rows = new Map<string, number>();
  for (const line of markdown.split('\n')) {
    const row = /^\| `([^`]+)` \| (\d+) \| (\d+) \|/.exec(line);
    if (row?.[1] !== undefined) rows.set(row[1], Number(row[3]));
  }
  return rows;
}

/** The records of a file, and what each stood in; `undefined` for text that is none. */
function readFile(file: string): { readonly text: string; readonly record: JsonObject | undefined }[] {
  const lines = readFileSync(new URL(file, data), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  if (file.endsWith('.jsonl')) {
    return lines.flatMap((line) => {
      const value = parseJson(line);
      assert.ok(isObject(value));
      return unwrap(value).map((record) => ({ text: line, record }));
    });
  }
  const events = new Map<string, string[]>();
  for (const [i, line] of lines.entries()) {
    const key = auditGroup(line)?.key ?? `line ${i}`;
    events.set(key, [...(events.get(key) ?? []), line]);
  }
  return [...events.values()].map((group) => {
    const text = group.join('\n');
    const decoded = decodeText(text);
    return { text, record: 'record' in decoded ? decoded.record : undefined };
  });
}
