// Elastic Defend: ECS documents as the endpoint ships them, one a line.
import { assertNever } from '../../src/base/invariant.ts';
import { digest, Random, uuidOf } from './random.ts';
import { NIGHT_BEGINS, SECOND, iso } from './time.ts';
import type { Micros } from './time.ts';
import { baseName, content, lineage, userId } from './world.ts';
import type { Activity, Process } from './world.ts';
import type { Writer } from './writer.ts';

const FILETIME_SECONDS = 11_644_473_600;

export function elastic(): Writer {
  const random = new Random('elastic');
  let sequence = 4100;
  return (activity) => {
    // Every fifth end is enough to show that ends are no starts.
    if (activity.kind === 'exit' && !random.chance(0.2)) return [];
    const document = describe(activity);
    if (document === undefined) return [];
    const { process, time } = activity;
    const agent = agentId(process);
    const dataset = `endpoint.events.${document.dataset}`;
    return [
      JSON.stringify({
        '@timestamp': iso(time, 9),
        agent: { id: agent, type: 'endpoint', version: '8.17.3' },
        data_stream: { dataset, namespace: 'default', type: 'logs' },
        ecs: { version: '8.10.0' },
        elastic: { agent: { id: agent } },
        event: {
          action: document.action,
          agent_id_status: 'verified',
          category: [document.category],
          created: iso(time, 9),
          dataset,
          id: `N${random.hex(12)}++++${(++sequence).toString(36)}`,
          ingested: iso(time + 4 * SECOND, 0),
          kind: 'event',
          module: 'endpoint',
          outcome: 'unknown',
          sequence,
          type: [document.type],
        },
        group: group(process),
        host: {
          architecture: 'x86_64',
          hostname: process.host.name,
          id: digest('md5', process.host.name),
          ip: ['127.0.0.1', '::1', process.host.ip],
          mac: [process.host.mac],
          name: process.host.name,
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
        },
        message: `Endpoint ${document.dataset} event`,
        ...document.fields,
        user: { Ext: { real: user(process) }, ...user(process) },
      }),
    ];
  };
}

interface Document {
  readonly dataset: 'process' | 'network' | 'file';
  readonly category: 'process' | 'network' | 'file';
  readonly action: string;
  readonly type: string;
  readonly fields: object;
}

function describe(activity: Activity): Document | undefined {
  const { process } = activity;
  switch (activity.kind) {
    case 'start':
      return {
        dataset: 'process',
        category: 'process',
        action: 'exec',
        type: 'start',
        fields: { process: started(process) },
      };
    case 'exit':
      return {
        dataset: 'process',
        category: 'process',
        action: 'end',
        type: 'end',
        fields: { process: { ...started(process), end: iso(activity.time, 9), exit_code: activity.code } },
      };
    case 'connect':
      return {
        dataset: 'network',
        category: 'network',
        action: 'connection_attempted',
        type: 'start',
        fields: {
          destination: { address: activity.ip, ip: activity.ip, port: activity.port },
          network: { direction: 'egress', transport: 'tcp', type: 'ipv4' },
          process: brief(process),
          source: { address: process.host.ip, ip: process.host.ip, port: activity.localPort },
        },
      };
    case 'file':
      return {
        dataset: 'file',
        category: 'file',
        action: activity.change === 'create' ? 'creation' : 'deletion',
        type: activity.change === 'create' ? 'creation' : 'deletion',
        fields: {
          file: {
            extension: baseName(activity.path).split('.').at(-1) ?? '',
            name: baseName(activity.path),
            path: activity.path,
          },
          process: brief(process),
        },
      };
    case 'lookup':
      return {
        dataset: 'network',
        category: 'network',
        action: 'lookup_requested',
        type: 'start',
        fields: {
          dns: { question: { name: activity.domain, type: 'A' } },
          message: `DNS query is completed for the name ${activity.domain}, type 1`,
          network: { protocol: 'dns' },
          process: brief(process),
        },
      };
    case 'listen':
    case 'login':
      return undefined;
    default:
      return assertNever(activity);
  }
}

function started(process: Process): object {
  const leader = process.leader ?? process;
  const tty = terminal(process);
  return {
    Ext: { ancestry: lineage(process).slice(1, 4).map(entityId) },
    args: process.args,
    args_count: process.args.length,
    command_line: process.args.join(' '),
    entity_id: entityId(process),
    entry_leader: {
      ...image(leader),
      entry_meta:
        leader.remoteIp === undefined
          ? { type: leader.parent?.executable === '/usr/sbin/cron' ? 'unknown' : 'init' }
          : { source: { ip: leader.remoteIp }, type: 'sshd' },
      same_as_process: leader === process,
    },
    executable: path(process),
    group_leader: {
      entity_id: entityId(process),
      pid: process.pid,
      same_as_process: true,
      start: iso(process.start, 3),
    },
    hash: {
      md5: digest('md5', content(process)),
      sha1: digest('sha1', content(process)),
      sha256: digest('sha256', content(process)),
    },
    interactive: process.tty !== undefined,
    name: baseName(path(process)),
    parent: process.parent ? { ...image(process.parent), ...terminal(process.parent) } : undefined,
    pid: process.pid,
    previous: [
      {
        args: (process.before ?? process.parent)?.args ?? [],
        args_count: (process.before ?? process.parent)?.args.length ?? 0,
        executable: executableBefore(process),
      },
    ],
    session_leader: {
      entity_id: entityId(leader),
      pid: leader.pid,
      same_as_process: leader === process,
      start: iso(leader.start, 3),
    },
    start: iso(process.start, 3),
    ...tty,
    working_directory: process.cwd,
  };
}

const executableBefore = (process: Process): string =>
  process.before ? path(process.before) : process.parent ? path(process.parent) : '';

function image(process: Process): object {
  return {
    args: process.args,
    args_count: process.args.length,
    command_line: process.args.join(' '),
    entity_id: entityId(process),
    executable: path(process),
    group: group(process),
    interactive: process.tty !== undefined,
    name: baseName(path(process)),
    pid: process.pid,
    start: iso(process.start, 3),
    user: user(process),
    working_directory: process.cwd,
  };
}

const brief = (process: Process): object => ({
  Ext: { ancestry: lineage(process).slice(1, 3).map(entityId) },
  entity_id: entityId(process),
  executable: path(process),
  name: baseName(path(process)),
  pid: process.pid,
});

/** Defend reports the file that was executed: a script, where one was. */
const path = (process: Process): string => process.script ?? process.executable;

const terminal = (process: Process): object =>
  process.tty === undefined ? {} : { tty: { char_device: { major: 136, minor: process.tty } } };
const user = (process: Process): object => ({ id: userId(process.user), name: process.user });
const group = (process: Process): object => ({ Ext: { real: user(process) }, ...user(process) });
const agentId = (process: Process): string => uuidOf(digest('md5', `agent of ${process.host.name}`));

/** Agent, pid and start since 1601, in base64. */
function entityId(process: Process): string {
  const start: Micros = process.start - (process.start % SECOND);
  const text = `${agentId(process)}-${process.pid}-${start / SECOND + FILETIME_SECONDS}.${process.start < NIGHT_BEGINS ? 0 : (process.start % SECOND) * 1000}`;
  return Buffer.from(text).toString('base64');
}
