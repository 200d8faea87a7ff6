import type { JsonObject } from '../../event/json.ts';
import { at } from '../path.ts';
import { includes, text } from '../values.ts';
import { dataset, ecsShape, hasAction, hasObject, saysProcessStart } from './ecs-shape.ts';

/**
 * Elastic Defend writes start events for an exec, for a fork alone (no new image) and, when it comes up, for each
 * process there is. One document may stand for several: `["fork","exec","end"]`.
 */
function isStart(document: JsonObject): boolean {
  if (!saysProcessStart(document) || at(document, 'event.kind') === 'alert') return false;
  return (
    at(document, 'event.action') === undefined || hasAction(document, 'exec', 'start', 'exec_event', 'creation_event')
  );
}

export const elastic = ecsShape({
  name: 'elastic',
  title: 'Elastic Defend (ECS)',
  service: 'elastic-defend',
  recognise: (document) =>
    dataset(document).startsWith('endpoint.') ||
    includes(at(document, 'event.module'), 'endpoint') ||
    text(at(document, 'agent.type')) === 'endpoint' ||
    hasObject(document, 'Endpoint') ||
    hasObject(document, 'EndpointActions'),
  isStart,
});

export const endgame = ecsShape({
  name: 'endgame',
  title: 'Elastic Endgame (ECS)',
  service: 'endgame',
  recognise: (document) => hasObject(document, 'endgame') || includes(at(document, 'event.module'), 'endgame'),
  isStart: (document) =>
    saysProcessStart(document) &&
    (isStart(document) || text(at(document, 'endgame.event_subtype_full')) === 'exec_event'),
  vendorRoot: 'endgame',
});

/** No command line is sent, only arguments. */
export const defendForContainers = ecsShape({
  name: 'defend-for-containers',
  title: 'Elastic Defend for Containers (ECS)',
  service: 'defend-for-containers',
  recognise: (document) =>
    dataset(document).startsWith('cloud_defend.') ||
    includes(at(document, 'event.module'), 'cloud_defend') ||
    text(at(document, 'agent.type')) === 'cloud-defend' ||
    // Its own documents, before an agent adds to them, hold the agent's id under a dotted key.
    (Object.hasOwn(document, 'elastic.agent.id') &&
      (hasObject(document, 'container') || hasObject(document, 'orchestrator'))),
  isStart,
  os: 'linux',
});
