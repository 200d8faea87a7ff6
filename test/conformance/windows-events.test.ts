import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { lanes } from '../../bench/lanes/lanes.ts';
import { makeStream } from '../../bench/lanes/make-stream.ts';
import { Random } from '../../tools/example/random.ts';
import { packFolder } from '../../src/pipeline/rule-texts.ts';
import { batchesOf, compareEngines, libraryOf } from './engines.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const SIGMAHQ = join(ROOT, '..', 'shared', 'data', 'sigmahq');
const SEED = process.env['PORTREEVE_FUZZ_SEED'] ?? String(Date.now() % 1_000_000);
const EVENTS = 400;

type Values = Readonly<Record<string, unknown>>;
interface Event {
  readonly header: Values;
  readonly data: Values;
}
type Form = (event: Event, random: Random) => object;

/** Ways of writing a Windows event, those included that nobody should write. */
const forms: Readonly<Record<string, Form>> = {
  flat: ({ header, data }) => ({ ...header, ...data }),
  'flat, a hash of ECS beside it': ({ header, data: { Hashes, ...data } }) => ({
    ...header,
    ...data,
    process: { hash: { md5: digestIn(Hashes) } },
  }),
  'flat, hash of ECS with dots in its key': ({ header, data: { Hashes, ...data } }) => ({
    ...header,
    ...data,
    'process.hash.md5': digestIn(Hashes),
  }),
  'EVTX as JSON': ({ header, data }) => ({ Event: { System: system(header), EventData: data } }),
  'headers as elements': ({ header, data }, random) => ({
    Event: {
      System: {
        ...Object.fromEntries(
          Object.entries(header).map(([name, value]) => [name, { [random.pick(['#text', '$', 'Value'])]: value }]),
        ),
        Provider: { [random.pick(['@Name', 'Name'])]: 'Microsoft-Windows-Sysmon' },
      },
      EventData: data,
    },
  }),
  'a list of elements': ({ header, data }, random) => ({
    Event: {
      System: system(header),
      EventData: {
        Data: Object.entries(data).map(([name, value]) => ({
          ...random.pick<object>([{ '@Name': name }, { Name: name }, { '#attributes': { Name: name } }]),
          ...random.pick<object>([
            { '#text': value },
            { '#text': value },
            { $: value },
            { Value: value },
            { '#text': [value] },
          ]),
        })),
      },
    },
  }),
  'values as elements and lists': ({ header, data }, random) => ({
    Event: {
      System: system(header),
      EventData: Object.fromEntries(
        Object.entries(data).map(([name, value]) => [
          name,
          random.pick<unknown>([
            value,
            value,
            { '#text': value },
            { $: value },
            [value],
            [{ '#text': value }],
            ['-', value],
          ]),
        ]),
      ),
    },
  }),
  'names with blanks': ({ header, data }) => ({
    Event: {
      System: system(header),
      EventData: {
        'Product Name': 'x',
        ...Object.fromEntries(
          Object.entries(data).map(([name, value]) => [name.replaceAll(/([a-z])(?=[A-Z])/g, '$1 '), value]),
        ),
      },
    },
  }),
  'user data': ({ header, data }) => ({ Event: { System: system(header), UserData: { EventXML: data } } }),
  winlog: ({ header, data }) => ({ winlog: { ...winlog(header), event_data: data } }),
  'winlog, paths in other ways': ({ header, data }, random) => {
    const { Image, CommandLine, ...rest } = data;
    const event_data = { ...rest, Image, CommandLine };
    return random.pick<() => object>([
      () => ({ winlog: { ...winlog(header), event_data: rest }, 'winlog.event_data.Image': Image, CommandLine }),
      () => ({ winlog: { ...winlog(header), event_data: rest, 'event_data.Image': Image } }),
      () => ({ winlog: winlog(header), 'winlog.event_data': event_data }),
      () => ({ winlog: { ...winlog(header), event_data: [event_data, rest] } }),
      () => ({ winlog: { ...winlog(header), event_data: [rest] }, Image, CommandLine }),
      () => ({
        winlog: { ...winlog(header), event_data: rest },
        process: [{ executable: Image }, { command_line: CommandLine }],
      }),
      () => ({
        winlog: { ...winlog(header), event_data: { ...rest, Image: null, CommandLine: '-' } },
        process: { executable: Image },
        CommandLine,
      }),
      () => ({
        winlog: {
          ...winlog(header),
          event_data: { ...rest, Image: [null, '-', Image], CommandLine: { a: CommandLine } },
        },
      }),
      () => ({
        winlog: {
          ...winlog(header),
          event_data: Object.fromEntries(
            Object.entries(data).map(([key, value]) => [key, random.chance(0.3) ? '-' : value]),
          ),
        },
      }),
    ])();
  },
  'winlog, moved by the pipeline of ECS': ({ header, data: { Image, CommandLine, Hashes, ...data } }) => ({
    winlog: { ...winlog(header), event_data: data },
    event: { code: header['EventID'] },
    process: { executable: Image, command_line: CommandLine, hash: { md5: digestIn(Hashes) } },
  }),
};

function system(header: Values): Values {
  return { ...header, Provider: { '#attributes': { Name: 'Microsoft-Windows-Sysmon' } } };
}

function winlog({ EventID, Channel, Computer }: Values): Values {
  return { event_id: EventID, channel: Channel, computer_name: Computer, provider_name: 'Microsoft-Windows-Sysmon' };
}

function digestIn(hashes: unknown): string {
  return /MD5=([\da-f]+)/i.exec(String(hashes))?.[1] ?? 'd41d8cd98f00b204e9800998ecf8427e';
}

function eventsOf(name: string): readonly Event[] {
  const lane = lanes.find((one) => one.name === name);
  assert.ok(lane);
  const { bytes } = makeStream(lane, {
    seed: SEED,
    bytes: 1024 * EVENTS,
    repeating: true,
    hitShare: 0.5,
    withLogSource: false,
  });
  return bytes
    .toString()
    .split('\n', EVENTS)
    .filter(Boolean)
    .map((line) => {
      const { EventID, Channel, Computer, ...data } = JSON.parse(line) as Values;
      return { header: { EventID, Channel, Computer, Provider_Name: 'Microsoft-Windows-Sysmon' }, data };
    });
}

for (const set of ['our rules', 'SigmaHQ']) {
  const isThere = set === 'our rules' || existsSync(SIGMAHQ);
  test(`Windows events in every form: the byte engine finds what the object engine finds (${set}, seed ${SEED})`, async (t) => {
    if (!isThere) {
      t.skip('SigmaHQ is not beside this checkout');
      return;
    }
    const library = await libraryOf(
      set === 'our rules'
        ? [join(ROOT, 'bench', 'rules'), packFolder('portable')]
        : readdirSync(SIGMAHQ)
            .filter((folder) => folder === 'rules' || folder.startsWith('rules-'))
            .map((folder) => join(SIGMAHQ, folder)),
    );
    for (const lane of ['windows-structured', 'sysmon-file']) {
      const events = eventsOf(lane);
      for (const [name, form] of Object.entries(forms)) {
        const random = new Random(`${SEED} ${name}`);
        // Beyond the first events of a kind, which are looked at otherwise.
        const lines = events
          .slice(0, set === 'SigmaHQ' ? 120 : EVENTS)
          .map((event) => JSON.stringify(form(event, random)));
        const { findings } = compareEngines(
          library,
          batchesOf(Buffer.from(lines.join('\n'))),
          `${lane}, ${name}, seed ${SEED}`,
        );
        if (!/hash|moved|blanks/.test(name)) assert.ok(findings > 10, `${lane}, ${name}: ${findings}`);
      }
    }
  });
}

test('hashes that a pipeline has moved are found by the rules for those of Sysmon', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-rules-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const md5 = 'd41d8cd98f00b204e9800998ecf8427e';
  const sha1 = 'da39a3ee5e6b4b0d3255bfef95601890afd80709';
  const sha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  [`MD5=${md5}`, `SHA1=${sha1}`, `SHA256=${sha256}`, `sha256=${sha256}`, 'IMPHASH=0123', md5].forEach((Hashes, i) => {
    const detection = { s: { 'Hashes|contains': Hashes }, condition: 's' };
    const rule = { title: `Rule ${i}`, logsource: { category: 'process_creation', product: 'windows' }, detection };
    writeFileSync(join(folder, `${i}.yml`), JSON.stringify(rule));
  });
  const header = { EventID: 1, Channel: 'Microsoft-Windows-Sysmon/Operational' };
  const line = (hash: object, event_data: object): string =>
    JSON.stringify({
      winlog: { ...winlog(header), event_data: { Image: 'C:\\x.exe', ...event_data } },
      process: { hash },
    });
  const lines = [
    line({ md5 }, {}),
    line({ sha1 }, {}),
    line({ sha256: sha256.toUpperCase() }, {}),
    line({ md5, sha1, sha256 }, { Hashes: `IMPHASH=0123,MD5=${md5.toUpperCase()}` }),
    line({}, {}),
  ];
  const { findings } = compareEngines(
    await libraryOf([folder]),
    batchesOf(Buffer.from(`${lines.join('\n')}\n`.repeat(50))),
  );
  assert.equal(findings, 4 * 50);
});

test('a dash is a value where no process starts', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-rules-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const rule = (field: string, condition: string): object => ({
    title: `${field} ${condition}`,
    logsource: { product: 'windows' },
    detection: { any: { 'winlog.event_id': ['1', '4624'] }, s: { [field]: '-' }, condition },
  });
  const rules = ['IpAddress', 'CommandLine'].flatMap((field) =>
    ['any and s', 'any and not s'].map((condition) => rule(field, condition)),
  );
  writeFileSync(join(folder, 'rules.yml'), rules.map((one) => JSON.stringify(one)).join('\n---\n'));
  const line = (EventID: string, Channel: string, provider_name: string): string =>
    JSON.stringify({
      winlog: { ...winlog({ EventID, Channel }), provider_name, event_data: { IpAddress: '-', CommandLine: '-' } },
    });
  const lines = [
    line('4624', 'Security', 'Microsoft-Windows-Security-Auditing'),
    line('1', 'Microsoft-Windows-Sysmon/Operational', 'Microsoft-Windows-Sysmon'),
  ];
  // The first lines of a kind are read in full.
  const { findings } = compareEngines(
    await libraryOf([folder]),
    batchesOf(Buffer.from(`${lines.join('\n')}\n`.repeat(50))),
  );
  assert.equal(findings, 2 * 50);
});
