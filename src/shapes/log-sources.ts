import type { LogSource } from '../event/log-source.ts';
import type { OperatingSystem } from '../event/process-start.ts';

/** For events known to be none of the categories Sigma names: rules of a category pass over them. */
export const OTHER_CATEGORY = 'other';

/** `service`: the sensor that tells of the event, where it is one: rules for a log of the system pass over its events. */
export function logSourceOf(product: OperatingSystem | undefined, category: string, service?: string): LogSource {
  return {
    ...(product === undefined ? {} : { product }),
    category,
    ...(service === undefined ? {} : { service }),
  };
}

/** Process creation, or something that is not. */
export function processOrOther(product: OperatingSystem | undefined, isStart: boolean, service: string): LogSource {
  return logSourceOf(product, isStart ? 'process_creation' : OTHER_CATEGORY, service);
}

/** Categories by ECS `event.category`, for documents that are no process start. */
const BY_ECS_CATEGORY: readonly (readonly [string, string])[] = [
  ['network', 'network_connection'],
  ['file', 'file_event'],
  ['registry', 'registry_event'],
  ['library', 'image_load'],
  ['driver', 'driver_load'],
];

export function categoryOfEcs(includesCategory: (name: string) => boolean): string {
  return BY_ECS_CATEGORY.find(([name]) => includesCategory(name))?.[1] ?? OTHER_CATEGORY;
}
