// Elastic Defend's documents as they arrive in Elasticsearch: nested objects, several processes in each.
import { assertNever } from '../../src/base/invariant.ts';
import { iso } from '../../tools/example/time.ts';
import type { Lane, LaneEvent, Part } from './lane.ts';
import { IN_TEMPORARY_DIRECTORY } from './lane.ts';
import { baseName, linuxActivities } from './linux-world.ts';
import type { LinuxActivity, LinuxImage, LinuxMachine } from './linux-world.ts';
import type { Values } from './values.ts';

export const ecs: Lane = {
  name: 'ecs',
  title: 'ECS (Elastic Defend)',
  shape: 'elastic',
  writer(values) {
    const next = linuxActivities(values);
    return (part: Part): LaneEvent => {
      const activity = next(part);
      return {
        record: document(values, activity),
        startsProcess: activity.kind === 'start',
        ...(part === 'hit' ? { pack: IN_TEMPORARY_DIRECTORY, rule: 'Port forwarded with kubectl' } : {}),
      };
    };
  },
};

function document(values: Values, activity: LinuxActivity): object {
  const { machine } = activity;
  const time = iso(values.time, 9);
  const { dataset, action, type, fields } = describe(values, activity);
  const user = { id: machine.uid, name: values.account(machine.user) };
  return {
    '@timestamp': time,
    agent: { id: machine.id, type: 'endpoint', version: '8.17.3' },
    data_stream: { dataset: `endpoint.events.${dataset}`, namespace: 'default', type: 'logs' },
    ecs: { version: '8.10.0' },
    elastic: { agent: { id: machine.id } },
    event: {
      action,
      agent_id_status: 'verified',
      category: [dataset],
      created: time,
      dataset: `endpoint.events.${dataset}`,
      id: `N${values.random.hex(14)}+++${values.serial().toString(36)}`,
      ingested: time,
      kind: 'event',
      module: 'endpoint',
      outcome: 'unknown',
      sequence: values.serial(),
      type: [type],
    },
    group: user,
    host: host(machine),
    message: `Endpoint ${dataset} event`,
    ...fields,
    user: { Ext: { real: user }, ...user },
  };
}

const host = (machine: LinuxMachine): object => ({
  architecture: 'x86_64',
  hostname: machine.name,
  id: machine.id,
  ip: ['127.0.0.1', '::1', machine.ip],
  mac: ['02-42-ac-11-00-02'],
  name: machine.name,
  os: {
    Ext: { variant: 'Debian' },
    family: 'debian',
    full: 'Debian 12.10',
    kernel: '6.1.0-32-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.129-1 (2025-03-06)',
    name: 'Linux',
    platform: 'debian',
    type: 'linux',
    version: '12.10',
  },
});

interface Description {
  readonly dataset: 'process' | 'network' | 'file';
  readonly action: string;
  readonly type: string;
  readonly fields: object;
}

function describe(values: Values, activity: LinuxActivity): Description {
  const { kind, process, machine } = activity;
  switch (kind) {
    case 'start':
      return { dataset: 'process', action: 'exec', type: 'start', fields: { process: started(values, activity) } };
    case 'end':
      return {
        dataset: 'process',
        action: 'end',
        type: 'end',
        fields: { process: { ...started(values, activity), end: iso(values.time, 9), exit_code: 0 } },
      };
    case 'connect':
      return {
        dataset: 'network',
        action: 'connection_attempted',
        type: 'start',
        fields: {
          destination: { address: activity.peer, ip: activity.peer, port: 443 },
          network: { direction: 'egress', transport: 'tcp', type: 'ipv4' },
          process: acting(values, process),
          source: { address: machine.ip, ip: machine.ip, port: values.random.int(32_768, 60_999) },
        },
      };
    case 'file':
      return {
        dataset: 'file',
        action: 'creation',
        type: 'creation',
        fields: {
          file: { extension: 'dat', name: baseName(activity.path), path: activity.path },
          process: acting(values, process),
        },
      };
    case 'lookup':
      return {
        dataset: 'network',
        action: 'lookup_requested',
        type: 'start',
        fields: {
          dns: { question: { name: activity.domain, type: 'A' } },
          network: { protocol: 'dns' },
          process: acting(values, process),
        },
      };
    default:
      return assertNever(kind);
  }
}

/** Agent, pid and start in base64, as Defend makes them. */
const entityId = (values: Values): string =>
  Buffer.from(`${values.random.uuid()}-${values.random.int(300, 4_000_000)}-${values.serial()}`).toString('base64');

const acting = (values: Values, process: LinuxImage): object => ({
  Ext: { ancestry: [entityId(values), entityId(values)] },
  entity_id: entityId(values),
  executable: process.executable,
  name: baseName(process.executable),
  pid: values.random.int(300, 4_000_000),
});

function image(values: Values, of: LinuxImage, machine: LinuxMachine): object {
  return {
    args: of.args,
    args_count: of.args.length,
    command_line: of.args.join(' '),
    entity_id: entityId(values),
    executable: of.executable,
    interactive: false,
    name: baseName(of.executable),
    pid: values.random.int(300, 4_000_000),
    start: iso(values.before(), 3),
    user: { id: machine.uid, name: machine.user },
    working_directory: of.directory,
  };
}

function started(values: Values, { process, machine }: LinuxActivity): object {
  return {
    Ext: { ancestry: [entityId(values), entityId(values), entityId(values)] },
    ...image(values, process, machine),
    entry_leader: { ...image(values, process.leader, machine), entry_meta: { type: 'init' }, same_as_process: false },
    group_leader: { entity_id: entityId(values), pid: values.random.int(300, 4_000_000), same_as_process: true },
    hash: { md5: process.md5, sha1: process.sha1, sha256: process.sha256 },
    parent: { ...image(values, process.parent, machine), tty: { char_device: { major: 136, minor: 2 } } },
    previous: [
      { args: process.parent.args, args_count: process.parent.args.length, executable: process.parent.executable },
    ],
    session_leader: { entity_id: entityId(values), pid: values.random.int(300, 4_000_000), same_as_process: false },
  };
}
