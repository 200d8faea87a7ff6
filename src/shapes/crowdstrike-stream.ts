import { defineShape } from './define-shape.ts';
import { operatingSystem } from './image-path.ts';
import { OTHER_CATEGORY, logSourceOf } from './log-sources.ts';
import { at } from './path.ts';
import { isoTime } from './time.ts';
import { ownObject, ownString, text } from './values.ts';

/** Detections and audit events of the SIEM connector: they quote command lines, but none is the start of a process. */
export const crowdstrikeStream = defineShape({
  name: 'crowdstrike-stream',
  title: 'CrowdStrike Falcon event streams (SIEM connector)',
  recognise(record) {
    const metadata = ownObject(record, 'metadata');
    return (
      metadata !== undefined &&
      ownObject(record, 'event') !== undefined &&
      (ownString(metadata, 'eventType') !== undefined || Object.hasOwn(metadata, 'customerIDString'))
    );
  },
  logSource: (record) =>
    logSourceOf(operatingSystem(text(at(record, 'event.PlatformName'))), OTHER_CATEGORY, 'crowdstrike'),
  processStart: () => undefined,
  time: (record) =>
    isoTime(at(record, 'metadata.eventCreationTime')) ??
    isoTime(at(record, 'event.ProcessStartTime')) ??
    isoTime(at(record, 'event.UTCTimestamp')),
  vendorRoots: ['', 'event'],
});
