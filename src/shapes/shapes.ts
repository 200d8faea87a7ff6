import { auditd, auditdLaurel } from './auditd.ts';
import { carbonBlackCloud } from './carbon-black-cloud.ts';
import { carbonBlackEdr } from './carbon-black-edr.ts';
import { azureActivity, cloudtrail, gcpAudit } from './cloud-audit.ts';
import { crowdstrike } from './crowdstrike.ts';
import { crowdstrikeStream } from './crowdstrike-stream.ts';
import { defender } from './defender.ts';
import { auditbeat, auditdCoalesced, auditdLog } from './ecs/auditbeat.ts';
import { defendForContainers, elastic, endgame } from './ecs/elastic.ts';
import {
  carbonBlackCloudEcs,
  carbonBlackEdrEcs,
  crowdstrikeEcs,
  defenderEcs,
  ecs,
  falcoEcs,
  jamfEcs,
  ocsfEcs,
  sentineloneEcs,
  tetragonEcs,
} from './ecs/vendors.ts';
import { falco } from './falco.ts';
import { jamf } from './jamf.ts';
import { kubearmor } from './kubearmor.ts';
import { kubernetesAudit, kubernetesAuditAks, kubernetesAuditEcs, kubernetesAuditGke } from './kubernetes-audit.ts';
import { ocsf } from './ocsf.ts';
import { osquery, osqueryEcs } from './osquery.ts';
import { sentinelone } from './sentinelone.ts';
import type { Shape } from './shape.ts';
import { sigma } from './sigma-fields.ts';
import { sysdig, sysdigEcs } from './sysdig.ts';
import { tetragon } from './tetragon.ts';
import { sysmon, sysmonEcs, windowsEvent, windowsEventEcs } from './windows-event.ts';

/**
 * Every source format, in the order they are asked: a format whose mark no other has comes before one that is
 * recognised by what is common, and the catch-all for ECS comes last.
 */
export const shapes: readonly Shape[] = [
  // What says itself where it comes from.
  sigma,
  // ECS documents with a vendor's object of their own.
  crowdstrikeEcs,
  sentineloneEcs,
  defenderEcs,
  falcoEcs,
  tetragonEcs,
  carbonBlackCloudEcs,
  carbonBlackEdrEcs,
  jamfEcs,
  ocsfEcs,
  osqueryEcs,
  sysdigEcs,
  kubernetesAuditEcs,
  auditdLog,
  endgame,
  defendForContainers,
  elastic,
  sysmonEcs,
  windowsEventEcs,
  // What vendors write.
  auditd,
  auditdLaurel,
  kubernetesAudit,
  kubernetesAuditAks,
  kubernetesAuditGke,
  sysmon,
  windowsEvent,
  tetragon,
  ocsf,
  falco,
  osquery,
  sentinelone,
  crowdstrikeStream,
  crowdstrike,
  defender,
  carbonBlackCloud,
  carbonBlackEdr,
  jamf,
  kubearmor,
  sysdig,
  auditdCoalesced,
  // Recognised by little.
  auditbeat,
  cloudtrail,
  gcpAudit,
  azureActivity,
  ecs,
];

const byName = new Map(shapes.map((shape) => [shape.name, shape]));

export function shapeByName(name: string): Shape | undefined {
  return byName.get(name);
}
