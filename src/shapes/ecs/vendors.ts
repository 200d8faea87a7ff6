import type { JsonObject } from '../../event/json.ts';
import { isObject } from '../../event/json.ts';
import type { ProcessStart } from '../../event/process-start.ts';
import { hashesOf, hostOf, image, processStart, userOfAccount } from '../build-start.ts';
import { edrPaths, edrStart } from '../carbon-black-edr.ts';
import { falcoPaths, falcoStart } from '../falco.ts';
import { operatingSystem } from '../image-path.ts';
import { lineageByEntity } from '../parent-lineage.ts';
import { at } from '../path.ts';
import { tetragonPaths, tetragonStart } from '../tetragon.ts';
import { isoTime } from '../time.ts';
import { includes, own, ownObject, pidText, text } from '../values.ts';
import { ecsShape, ecsTime, hasAction, hasObject, saysProcessStart } from './ecs-shape.ts';

/** Each line of the integration's pipeline keeps the vendor's own fields in one object; that is how they are told apart. */

export const crowdstrikeEcs = ecsShape({
  name: 'crowdstrike-ecs',
  title: 'CrowdStrike FDR in ECS (Elastic integration)',
  service: 'crowdstrike',
  recognise: (document) => hasObject(document, 'crowdstrike'),
  // The pipeline marks SyntheticProcessRollup2 and ServiceStarted as starts too; neither is a process that starts now.
  isStart: (document) => hasAction(document, 'ProcessRollup2'),
  refine(document, start) {
    const host = hostOf(start.host?.name, at(document, 'observer.serial_number') ?? start.host?.id);
    // `@timestamp` is when the cloud received the event.
    const time = isoTime(at(document, 'process.start')) ?? start.time;
    return { ...start, ...(host === undefined ? {} : { host }), ...(time === undefined ? {} : { time }) };
  },
  splitsCommandLine: true,
  vendorRoot: 'crowdstrike',
  lineage: lineageByEntity((id) => `"entity_id":"${id}"`, /ProcessRollup2/),
});

export const sentineloneEcs = ecsShape({
  name: 'sentinelone-ecs',
  title: 'SentinelOne Cloud Funnel in ECS (Elastic integration)',
  service: 'sentinelone',
  recognise: (document) => hasObject(document, 'sentinel_one_cloud_funnel'),
  isStart: saysProcessStart,
  refine: (_document, start) =>
    start.commandLine === undefined ? start : { ...start, commandLine: start.commandLine.trimStart() },
  splitsCommandLine: true,
  vendorRoot: 'sentinel_one_cloud_funnel.event',
});

export const defenderEcs = ecsShape({
  name: 'defender-ecs',
  title: 'Microsoft Defender in ECS (Elastic integrations)',
  service: 'defender',
  recognise: (document) =>
    hasObject(document, 'm365_defender') ||
    at(document, 'microsoft.defender_endpoint') !== undefined ||
    at(document, 'microsoft.m365_defender') !== undefined,
  // An alert with a process as its evidence is marked `start` too.
  isStart: (document) => saysProcessStart(document) && !includes(at(document, 'event.kind'), 'alert'),
  refine(_document, start) {
    // On Linux and macOS the initiating process is the same process before its exec.
    const { parent } = start;
    if (parent?.pid === undefined || parent.pid !== start.pid) return start;
    const { pid: _same, ...rest } = parent;
    return { ...start, parent: rest };
  },
  splitsCommandLine: true,
  vendorRoot: 'm365_defender.event',
  fields: {
    IntegrityLevel: 'm365_defender.event.process.integrity_level',
    Company: 'process.pe.company',
    Description: 'process.pe.description',
    Product: 'process.pe.product',
  },
});

export const falcoEcs = ecsShape({
  name: 'falco-ecs',
  title: 'Falco alerts in ECS (Elastic integration)',
  service: 'falco',
  recognise: (document) => hasObject(document, 'falco'),
  isStart(document) {
    const type = text(at(document, 'falco.output_fields.evt.type'));
    return type === undefined ? saysProcessStart(document) : type === 'execve' || type === 'execveat';
  },
  refine(document, start) {
    const fields = at(document, 'falco.output_fields');
    const own = isObject(fields)
      ? falcoStart(fields, { host: at(document, 'host.name'), time: ecsTime(document) })
      : undefined;
    // The alert's own fields go before the pipeline's, whose process.args lack argv[0].
    const { args: _withoutName, ...common } = start;
    return { ...common, ...own };
  },
  refinePaths: falcoPaths('falco.output_fields'),
  os: 'linux',
  vendorRoot: 'falco.output_fields',
});

export const tetragonEcs = ecsShape({
  name: 'tetragon-ecs',
  title: 'Cilium Tetragon in ECS (Elastic integration)',
  service: 'tetragon',
  recognise: (document) => hasObject(document, 'cilium_tetragon'),
  isStart: (document) => tetragonStart(tetragonLog(document)) !== undefined,
  // `process.args` is a string without argv[0] and the parent stands at the top: the event itself says it better.
  refine: (document, start) => ({ ...start, ...tetragonStart(tetragonLog(document)) }),
  refinePaths: tetragonPaths('cilium_tetragon.log.'),
  os: 'linux',
  startFirst: true,
  vendorRoot: 'cilium_tetragon.log',
});

function tetragonLog(document: JsonObject): JsonObject {
  const found = at(document, 'cilium_tetragon.log');
  return isObject(found) ? found : {};
}

export const carbonBlackCloudEcs = ecsShape({
  name: 'carbon-black-cloud-ecs',
  title: 'Carbon Black Cloud in ECS (Elastic integration)',
  service: 'carbon-black',
  recognise: (document) => hasObject(document, 'carbon_black_cloud'),
  isStart: (document) => at(document, 'carbon_black_cloud.endpoint_event.type') === 'endpoint.event.procstart',
  refine: childOfCarbonBlack,
  refinePaths: {
    executable: ['carbon_black_cloud.endpoint_event.childproc.name'],
    commandLine: ['carbon_black_cloud.endpoint_event.target_cmdline'],
    hashes: [
      'carbon_black_cloud.endpoint_event.childproc.hash.md5',
      'carbon_black_cloud.endpoint_event.childproc.hash.sha256',
    ],
    user: ['carbon_black_cloud.endpoint_event.childproc.username'],
    parentName: ['process.name'],
    parentExecutable: ['process.executable'],
    parentCommandLine: ['process.command_line', 'process.args'],
  },
  // `process.*` is the parent of the process that starts.
  startFirst: true,
  vendorRoot: 'carbon_black_cloud.endpoint_event',
});

function childOfCarbonBlack(document: JsonObject, acting: ProcessStart): ProcessStart {
  const read = (path: string): ReturnType<typeof at> => at(document, `carbon_black_cloud.endpoint_event.${path}`);
  return processStart({
    executable: text(read('childproc.name')),
    commandLine: text(read('target_cmdline')),
    pid: pidText(read('childproc.pid')),
    entityId: text(read('childproc.guid')),
    hashes: hashesOf(read('childproc.hash.md5'), read('childproc.hash.sha256')),
    user: userOfAccount(read('childproc.username')),
    os: acting.os ?? operatingSystem(text(read('device.os'))),
    time: isoTime(read('device.timestamp')) ?? acting.time,
    host: acting.host,
    parent: image({
      name: acting.name,
      executable: acting.executable,
      commandLine: acting.commandLine,
      pid: acting.pid,
      entityId: acting.entityId,
    }),
    ancestors: acting.parent === undefined ? undefined : [acting.parent],
  });
}

export const carbonBlackEdrEcs = ecsShape({
  name: 'carbon-black-edr-ecs',
  title: 'Carbon Black EDR in ECS (Elastic integration)',
  service: 'carbon-black',
  recognise: (document) => hasObject(document, 'carbonblack'),
  isStart: (document) => edrStart({}, text(at(document, 'event.action')) ?? '') !== undefined,
  refine(document, start) {
    const edr = at(document, 'carbonblack.edr');
    return { ...start, ...(isObject(edr) ? edrStart(edr, text(at(document, 'event.action')) ?? '') : {}) };
  },
  refinePaths: edrPaths('carbonblack.edr.'),
  vendorRoot: 'carbonblack.edr',
});

export const jamfEcs = ecsShape({
  name: 'jamf-ecs',
  title: 'Jamf Protect in ECS (Elastic integration)',
  service: 'jamf',
  recognise: (document) => hasObject(document, 'jamf_protect'),
  // `start` is also what the pipeline says of log-ins and screen locks.
  isStart: (document) => hasAction(document, 'exec'),
  os: 'macos',
  vendorRoot: 'jamf_protect.telemetry',
  lineage: lineageByEntity((id) => `"entity_id":"${id}"`, /exec/),
});

export const ocsfEcs = ecsShape({
  name: 'ocsf-ecs',
  title: 'OCSF in ECS (Amazon Security Lake integration)',
  recognise: (document) => hasObject(document, 'ocsf'),
  isStart: (document) =>
    text(at(document, 'ocsf.class_uid')) === '1007' && text(at(document, 'ocsf.activity_id')) === '1',
  vendorRoot: 'ocsf',
});

/** Documents that speak ECS and name none of the vendors above: asked last. */
export const ecs = ecsShape({
  name: 'ecs',
  title: 'Any other document in ECS',
  recognise(document) {
    if (
      ownObject(document, 'event') === undefined &&
      at(document, 'event.action') === undefined &&
      at(document, 'event.category') === undefined &&
      at(document, 'event.kind') === undefined
    )
      return false;
    return (
      ['@timestamp', 'ecs', 'agent', 'data_stream'].some((key) => own(document, key) !== undefined) ||
      at(document, 'event.category') !== undefined ||
      at(document, 'event.kind') !== undefined
    );
  },
  isStart: (document) =>
    saysProcessStart(document) &&
    !includes(at(document, 'event.kind'), 'alert') &&
    !hasAction(document, 'fork', 'already_running'),
});
