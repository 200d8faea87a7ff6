import type { FieldValue, Json, JsonObject } from '../event/json.ts';
import { isObject } from '../event/json.ts';
import { parseJson } from '../event/parse-json.ts';
import { defineShape } from './define-shape.ts';
import { at, pathReader } from './path.ts';
import { rememberLast } from './remember-last.ts';
import type { FieldReader, Shape } from './shape.ts';
import { isoTime } from './time.ts';
import { fieldValue, isArray, own, ownObject, ownString, text } from './values.ts';

const LONGEST_LOG = 4_000_000;
const NOTHING: JsonObject = {};

/** The audit event of an AKS diagnostic record; several fields parse `properties.log` once. */
const aksEvent = rememberLast((record) => {
  const log = own(ownObject(record, 'properties') ?? NOTHING, 'log');
  return isObject(log) ? log : typeof log === 'string' && log.length <= LONGEST_LOG ? parsed(log) : NOTHING;
});

function parsed(json: string): JsonObject {
  try {
    const value = parseJson(json);
    return isObject(value) ? value : NOTHING;
  } catch {
    return NOTHING;
  }
}

/** The field of an audit.k8s.io Event under its own dotted name, out of any of the forms below. */
export type AuditField = (path: string) => (record: JsonObject) => Json | undefined;

/**
 * An `audit.k8s.io` Event. Rules use its own names: `verb`, `objectRef.resource`, `user.username`, `sourceIPs`. ECS names
 * are added where they say the same; Elastic's `kubernetes.audit.*` is the same path with a prefix.
 */
function auditShape(
  name: string,
  title: string,
  recognise: (record: JsonObject) => boolean,
  field: AuditField,
  times: readonly string[],
  prefix?: string,
): Shape {
  const timeReaders = times.map((path) => pathReader(path));
  const requestTimes = ['requestReceivedTimestamp', 'stageTimestamp', 'timestamp'].map(field);
  const plain = (path: string): FieldReader => {
    const read = field(path);
    return (record) => fieldValue(read(record));
  };
  return defineShape({
    name,
    title,
    recognise,
    logSource: () => ({ product: 'kubernetes', category: 'application', service: 'audit' }),
    processStart: () => undefined,
    isProcessStart: () => false,
    placesOf(path, what) {
      if (prefix === undefined || what === 'start') return undefined;
      const inner = what === 'entry' ? ECS_NAMES.get(path) : path;
      if (inner === undefined) return undefined;
      const stripped = inner.startsWith(ECS_PREFIX) ? inner.slice(ECS_PREFIX.length) : inner;
      return { kind: 'texts', paths: [`${prefix}${stripped}`, inner] };
    },
    time(record) {
      for (const read of [...requestTimes, ...timeReaders]) {
        const found = isoTime(read(record));
        if (found !== undefined) return found;
      }
      return undefined;
    },
    fields: Object.fromEntries(Array.from(ECS_NAMES, ([name, path]) => [name, plain(path)])),
    vendorField(path) {
      const inRecord = pathReader(path);
      const inEvent = field(path.startsWith(ECS_PREFIX) ? path.slice(ECS_PREFIX.length) : path);
      return (record): FieldValue => fieldValue(inEvent(record)) ?? fieldValue(inRecord(record));
    },
  });
}

const ECS_PREFIX = 'kubernetes.audit.';

/** ECS names that say the same as a field of the event. */
const ECS_NAMES: ReadonlyMap<string, string> = new Map([
  ['user.name', 'user.username'],
  ['user_agent.original', 'userAgent'],
  ['source.ip', 'sourceIPs'],
  ['event.action', 'verb'],
  ['url.path', 'requestURI'],
]);

const inEventOf =
  (event: (record: JsonObject) => JsonObject): AuditField =>
  (path) => {
    const read = pathReader(path);
    return (record) => read(event(record));
  };

function isAuditEvent(record: JsonObject): boolean {
  const version = ownString(record, 'apiVersion');
  // An EventList of the same group is an envelope.
  if (version !== undefined) return version.startsWith('audit.k8s.io/') && own(record, 'kind') !== 'EventList';
  // A core/v1 Event is of kind Event too, and tells of an involvedObject and a reason.
  if (
    Object.hasOwn(record, 'involvedObject') ||
    (Object.hasOwn(record, 'regarding') && Object.hasOwn(record, 'reason'))
  )
    return false;
  const asks = ['objectRef', 'requestURI', 'responseStatus', 'sourceIPs', 'user', 'stage'].some((key) =>
    Object.hasOwn(record, key),
  );
  if (ownString(record, 'auditID') !== undefined) return asks || Object.hasOwn(record, 'verb');
  return (
    own(record, 'kind') === 'Event' &&
    asks &&
    (ownString(record, 'verb') !== undefined || Object.hasOwn(record, 'stage'))
  );
}

export const kubernetesAudit = auditShape(
  'kubernetes-audit',
  'Kubernetes audit events (audit.k8s.io; kube-apiserver, EKS)',
  isAuditEvent,
  inEventOf((record) => record),
  [],
  '',
);

const AKS_CATEGORIES: ReadonlySet<string> = new Set(['kube-audit', 'kube-audit-admin']);

export const kubernetesAuditAks = auditShape(
  'kubernetes-audit-aks',
  'Kubernetes audit events of AKS (diagnostic log)',
  (record) => AKS_CATEGORIES.has(ownString(record, 'category') ?? ownString(record, 'Category') ?? ''),
  inEventOf(aksEvent),
  ['time'],
);

export const kubernetesAuditEcs = auditShape(
  'kubernetes-audit-ecs',
  'Kubernetes audit events in ECS (Elastic integration)',
  (record) => isObject(at(record, 'kubernetes.audit')),
  inEventOf((record) => {
    const found = at(record, 'kubernetes.audit');
    return isObject(found) ? found : NOTHING;
  }),
  ['@timestamp'],
  ECS_PREFIX,
);

const payloadOf = (record: JsonObject): JsonObject => ownObject(record, 'protoPayload') ?? NOTHING;

/** `io.k8s.core.v1.pods.exec.create` */
const METHOD = /^io\.k8s\./;

function isGke(record: JsonObject): boolean {
  const payload = ownObject(record, 'protoPayload');
  if (payload === undefined) return false;
  return (
    METHOD.test(ownString(payload, 'methodName')?.slice(0, 100) ?? '') ||
    own(payload, 'serviceName') === 'k8s.io' ||
    own(ownObject(record, 'resource') ?? NOTHING, 'type') === 'k8s_cluster'
  );
}

interface Target {
  readonly apiGroup: string | undefined;
  readonly apiVersion: string | undefined;
  readonly namespace: string | undefined;
  readonly resource: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

/** `core/v1/namespaces/NAMESPACE/pods/NAME/portforward`, or without the namespace for what stands above namespaces. */
export function gkeTarget(resourceName: string): Target {
  const [group, version, ...rest] = resourceName.slice(0, 2_000).split('/');
  const inNamespace = rest[0] === 'namespaces' && rest.length > 2;
  const [resource, name, subresource] = inNamespace ? rest.slice(2) : rest;
  return {
    apiGroup: group === 'core' ? undefined : group,
    apiVersion: version,
    namespace: inNamespace ? rest[1] : undefined,
    resource,
    name,
    subresource,
  };
}

/** Cloud Logging's own form of the same facts; `undefined` for a field that it does not carry. */
const gkeField: AuditField = (path) => {
  const inPayload = (inner: string): ((record: JsonObject) => Json | undefined) => {
    const read = pathReader(inner);
    return (record) => read(payloadOf(record));
  };
  const target =
    (part: keyof Target) =>
    (record: JsonObject): Json | undefined => {
      const resourceName = ownString(payloadOf(record), 'resourceName');
      return resourceName === undefined ? undefined : gkeTarget(resourceName)[part];
    };
  switch (path) {
    case 'verb':
      return (record) =>
        text(own(payloadOf(record), 'methodName'))
          ?.split('.')
          .at(-1);
    case 'objectRef.resource':
      return target('resource');
    case 'objectRef.subresource':
      return target('subresource');
    case 'objectRef.namespace':
      return target('namespace');
    case 'objectRef.name':
      return target('name');
    case 'objectRef.apiGroup':
      return target('apiGroup');
    case 'objectRef.apiVersion':
      return target('apiVersion');
    case 'user.username':
      return inPayload('authenticationInfo.principalEmail');
    case 'userAgent':
      return inPayload('requestMetadata.callerSuppliedUserAgent');
    case 'sourceIPs': {
      const read = inPayload('requestMetadata.callerIp');
      const otherSpelling = inPayload('requestMetadata.callerIP');
      return (record) => {
        const address = read(record) ?? otherSpelling(record);
        return address === undefined || isArray(address) ? address : [address];
      };
    }
    case 'requestURI':
      return inPayload('resourceName');
    case 'responseStatus.code':
      return inPayload('status.code');
    case 'responseStatus.message':
      return inPayload('status.message');
    case 'auditID':
      return (record) => own(record, 'insertId');
    case 'timestamp':
      return (record) => own(record, 'timestamp');
    case 'requestReceivedTimestamp':
    case 'stageTimestamp':
      return () => undefined;
    default:
      if (path.startsWith('requestObject')) return inPayload(`request${path.slice('requestObject'.length)}`);
      if (path.startsWith('responseObject')) return inPayload(`response${path.slice('responseObject'.length)}`);
      return inPayload(path);
  }
};

export const kubernetesAuditGke = auditShape(
  'kubernetes-audit-gke',
  'Kubernetes audit events of GKE (Cloud Audit Logs)',
  isGke,
  gkeField,
  ['timestamp', 'receiveTimestamp'],
);
