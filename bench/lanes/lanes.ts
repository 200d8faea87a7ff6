import { auditd } from './auditd.ts';
import { cisco } from './cisco.ts';
import { crowdstrike } from './crowdstrike.ts';
import { ecs } from './ecs.ts';
import { kubernetesAudit } from './kubernetes-audit.ts';
import type { Lane } from './lane.ts';
import { sentinelone } from './sentinelone.ts';
import { sysmonFile } from './sysmon-file.ts';
import { windowsRaw } from './windows-raw.ts';
import { windowsStructured } from './windows-structured.ts';

/** Of the shape `sigma`: the log source stands in the record. */
export const sigmaLanes: readonly Lane[] = [windowsRaw, windowsStructured, cisco, sysmonFile];

export const edrLanes: readonly Lane[] = [ecs, crowdstrike, sentinelone, auditd, kubernetesAudit];

export const lanes: readonly Lane[] = [...sigmaLanes, ...edrLanes];
