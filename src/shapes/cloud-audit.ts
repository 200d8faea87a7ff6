import { defineShape } from './define-shape.ts';
import { isoTime } from './time.ts';
import { own, ownObject, ownString } from './values.ts';

/**
 * Audit logs of clouds beside the clusters in them. They are recognised so that rules for Kubernetes or for processes
 * are not tried on them; no process starts there.
 */
export const cloudtrail = defineShape({
  name: 'aws-cloudtrail',
  title: 'AWS CloudTrail',
  recognise: (record) => ownString(record, 'eventSource') !== undefined && ownString(record, 'eventName') !== undefined,
  logSource: () => ({ product: 'aws', service: 'cloudtrail', category: 'other' }),
  processStart: () => undefined,
  time: (record) => isoTime(own(record, 'eventTime')),
});

export const gcpAudit = defineShape({
  name: 'gcp-audit',
  title: 'Google Cloud audit logs of other services than GKE',
  recognise: (record) => ownObject(record, 'protoPayload') !== undefined,
  logSource: () => ({ product: 'gcp', service: 'gcp.audit', category: 'other' }),
  processStart: () => undefined,
  time: (record) => isoTime(own(record, 'timestamp')) ?? isoTime(own(record, 'receiveTimestamp')),
});

export const azureActivity = defineShape({
  name: 'azure-activity',
  title: 'Azure Monitor activity and diagnostic logs',
  recognise: (record) =>
    ownString(record, 'category') !== undefined && ownString(record, 'operationName') !== undefined,
  logSource: () => ({ product: 'azure', service: 'activitylogs', category: 'other' }),
  processStart: () => undefined,
  time: (record) => isoTime(own(record, 'time')),
});
