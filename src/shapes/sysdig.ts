import type { JsonObject } from '../event/json.ts';
import { isObject } from '../event/json.ts';
import type { ProcessStart } from '../event/process-start.ts';
import { defineShape } from './define-shape.ts';
import { falcoPaths, falcoStart, isFalcoExec } from './falco.ts';
import { OTHER_CATEGORY } from './log-sources.ts';
import { at } from './path.ts';
import type { Shape } from './shape.ts';
import { isoTime } from './time.ts';
import { own, ownObject } from './values.ts';

function sysdigShape(
  name: string,
  title: string,
  recognise: (record: JsonObject) => boolean,
  event: (record: JsonObject) => JsonObject,
  root: string,
): Shape {
  const fieldsOf = (record: JsonObject): JsonObject => {
    const found = at(event(record), 'content.fields');
    return isObject(found) ? found : {};
  };
  const time = (record: JsonObject): string | undefined =>
    isoTime(own(event(record), 'timestampRFC3339Nano')) ??
    isoTime(own(event(record), 'timestamp')) ??
    isoTime(own(record, '@timestamp'));
  const start = (record: JsonObject): ProcessStart | undefined => {
    const { labels } = event(record);
    const host = isObject(labels) ? (own(labels, 'host.hostName') ?? own(labels, 'kubernetes.node.name')) : undefined;
    return falcoStart(fieldsOf(record), { host, time: time(record) });
  };
  return defineShape({
    name,
    title,
    recognise,
    logSource: (record) => ({
      product: 'linux',
      category: isFalcoExec(fieldsOf(record)) ? 'process_creation' : OTHER_CATEGORY,
      service: 'sysdig',
    }),
    processStart: start,
    isProcessStart: (record) => isFalcoExec(fieldsOf(record)),
    time,
    startPaths: [
      falcoPaths(`${root}content.fields`),
      { host: [`${root}labels.host.hostName`, `${root}labels.kubernetes.node.name`] },
    ],
    vendorRoots: [`${root}content.fields`, '', ...(root === '' ? [] : [root.slice(0, -1)])],
  });
}

export const sysdig = sysdigShape(
  'sysdig',
  'Sysdig Secure events',
  (record) =>
    Object.hasOwn(record, 'timestampRFC3339Nano') ||
    (Object.hasOwn(record, 'originator') && ownObject(record, 'content') !== undefined),
  (record) => record,
  '',
);

export const sysdigEcs = sysdigShape(
  'sysdig-ecs',
  'Sysdig Secure in ECS (Elastic integration)',
  (record) => ownObject(record, 'sysdig') !== undefined,
  (record) => ownObject(record, 'sysdig') ?? {},
  'sysdig.',
);
