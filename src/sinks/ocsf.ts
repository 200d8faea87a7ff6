import type { Alert, Severity } from '../alert/alert.ts';
import { compact } from '../alert/ecs.ts';
import { attackOf, named } from '../alert/threat.ts';
import type { ProcessImage, ProcessStart } from '../event/process-start.ts';
import type { AlertFormat, FormatContext } from './format.ts';
import { jsonText } from './json-text.ts';
import { kubectlObject } from './kubectl-object.ts';

/** OCSF `severity_id`: 1 Informational … 5 Critical. */
const SEVERITY: Readonly<Record<Severity, readonly [number, string]>> = {
  informational: [1, 'Informational'],
  low: [2, 'Low'],
  medium: [3, 'Medium'],
  high: [4, 'High'],
  critical: [5, 'Critical'],
};

const OS_TYPE = { linux: [200, 'Linux'], macos: [300, 'macOS'], windows: [100, 'Windows'] } as const;

/** One Detection Finding (class 2004) of OCSF 1.5 a line. https://schema.ocsf.io/1.5.0/classes/detection_finding */
export function ocsfFormat(): AlertFormat {
  let version = '';
  return {
    name: 'ocsf',
    begin(context: FormatContext) {
      version = context.version;
      return '';
    },
    alert: (alert, out) => out.text(`${finding(alert, version)}\n`),
    end: () => '',
  };
}

function finding(alert: Alert, version: string): string {
  const [severityId, severity] = SEVERITY[alert.severity];
  const [leading] = alert.rules;
  const { original, shape, place } = alert.event;
  // `time` is required: an event without one gets the epoch, and says so.
  const time = alert.time === null ? Number.NaN : Date.parse(alert.time);
  return jsonText({
    category_uid: 2,
    category_name: 'Findings',
    class_uid: 2004,
    class_name: 'Detection Finding',
    activity_id: 1,
    activity_name: 'Create',
    type_uid: 200_401,
    type_name: 'Detection Finding: Create',
    severity_id: severityId,
    severity,
    status_id: 1,
    status: 'New',
    time: Number.isNaN(time) ? 0 : time,
    message: alert.title,
    risk_score: alert.risk_score,
    is_alert: true,
    metadata: {
      version: '1.5.0',
      uid: alert.id,
      product: { name: 'Portreeve', vendor_name: 'Portreeve', version },
      log_name: place.file,
      original_time: alert.time ?? undefined,
      profiles: ['host'],
    },
    finding_info: compact({
      uid: alert.id,
      title: alert.title,
      desc: leading?.description,
      types: ['Network configuration change'],
      analytic: leading === undefined ? undefined : { uid: leading.id, name: leading.title, type_id: 1, type: 'Rule' },
      related_analytics: alert.rules
        .slice(1)
        .map(({ id, title }) => ({ uid: id, name: title, type_id: 1, type: 'Rule' })),
      attacks: attacks(alert),
    }),
    ...(alert.process?.host?.name === undefined && alert.process?.os === undefined
      ? {}
      : { device: device(alert.process) }),
    evidences:
      alert.process === undefined
        ? undefined
        : [{ process: processObject(alert.process), actor: actor(alert.process) }],
    observables: observables(alert),
    remediation: alert.guide === undefined ? undefined : { desc: alert.guide.text },
    raw_data: 'json' in original ? original.json : original.text,
    unmapped: {
      shape,
      line: place.line,
      byte: place.byte,
      time_known: !Number.isNaN(time),
      rules: alert.rules.map(({ id, title, level, evidence }) => ({ id, title, level, evidence })),
      kubectl: alert.kubectl === undefined ? undefined : kubectlObject(alert.kubectl),
      origin: alert.origin,
    },
  });
}

function attacks(alert: Alert): readonly unknown[] {
  const { tactics, techniques } = attackOf(alert.rules);
  return techniques.map((id) => {
    const [parent = id, sub] = id.split('.');
    return {
      version: '17',
      tactics: tactics.map(({ id: uid, name }) => ({ uid, name })),
      technique: { uid: parent, name: named(parent).name },
      ...(sub === undefined ? {} : { sub_technique: { uid: id, name: named(id).name } }),
    };
  });
}

function device(start: ProcessStart | undefined): unknown {
  const [typeId, type] = start?.os === undefined ? [0, 'Unknown'] : OS_TYPE[start.os];
  return compact({
    type_id: 0,
    type: 'Unknown',
    hostname: start?.host?.name,
    uid: start?.host?.id,
    os: { type_id: typeId, type, name: type },
  });
}

function processObject(start: ProcessStart): unknown {
  return compact({
    ...image(start),
    user: compact({ name: start.user?.name, uid: start.user?.id, domain: start.user?.domain }),
    working_directory: start.workingDirectory,
    parent_process:
      start.parent === undefined
        ? undefined
        : compact({
            ...image(start.parent),
            parent_process: start.ancestors?.[0] === undefined ? undefined : image(start.ancestors[0]),
          }),
  });
}

function actor(start: ProcessStart): unknown {
  return compact({
    process: start.parent === undefined ? undefined : image(start.parent),
    user: compact({ name: start.user?.name, uid: start.user?.id }),
  });
}

function image({
  name,
  executable,
  commandLine,
  args,
  pid,
  entityId,
}: ProcessImage): Readonly<Record<string, unknown>> {
  return compact({
    pid: pid !== undefined && /^\d{1,15}$/.test(pid) ? Number(pid) : undefined,
    uid: entityId,
    name,
    cmd_line: commandLine ?? args?.join(' '),
    file:
      executable === undefined
        ? undefined
        : {
            path: executable,
            name: executable.slice(Math.max(executable.lastIndexOf('/'), executable.lastIndexOf('\\')) + 1),
            type_id: 1,
            type: 'Regular File',
          },
  });
}

/** OCSF `observable.type_id`: 1 Hostname, 4 User Name, 9 Process Name. */
function observables({ process }: Alert): readonly unknown[] {
  const found: unknown[] = [];
  const add = (name: string, typeId: number, type: string, value: string | undefined): void => {
    if (value !== undefined) found.push({ name, type_id: typeId, type, value });
  };
  add('device.hostname', 1, 'Hostname', process?.host?.name);
  add('evidences.process.user.name', 4, 'User Name', process?.user?.name);
  add('evidences.process.name', 9, 'Process Name', process?.name);
  return found;
}
