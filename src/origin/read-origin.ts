import type { ProcessImage, ProcessStart } from '../event/process-start.ts';
import { buildAccount, buildVariable } from './automation.ts';
import { locate } from './locations.ts';
import type { Origin, OriginKind } from './origin.ts';
import { privateKubectlOf, readImage } from './read-image.ts';
import type { Finding, ImageReading } from './read-image.ts';
import { programKind } from './programs.ts';

/** Most telling first: the order in which the kind of an origin is chosen. */
const ORDER: readonly OriginKind[] = [
  'temp-dir',
  'hidden',
  'script',
  'interpreter',
  'web-server',
  'scheduler',
  'ci',
  'developer-tool',
  'service-manager',
  'container-runtime',
  'remote-login',
  'shell',
  'home-dir',
  'wrapper',
  'other',
  'unknown',
];

/** Kinds that make an ordinary command suspicious. */
const SUSPICIOUS: ReadonlySet<OriginKind> = new Set([
  'temp-dir',
  'hidden',
  'script',
  'interpreter',
  'web-server',
  'scheduler',
]);

/** Kinds whose work it is to start such commands. */
const BENIGN: ReadonlySet<OriginKind> = new Set(['ci', 'developer-tool', 'service-manager', 'container-runtime']);

/** A suspicious kind that a benign one found beside it explains: a build step is a script, a test runner an interpreter. */
const EXPLAINED: ReadonlySet<OriginKind> = new Set(['temp-dir', 'script', 'interpreter']);

/** Kinds beside which circumstances add nothing. */
const DECIDED: ReadonlySet<OriginKind> = new Set(['ci', 'temp-dir', 'hidden', 'script', 'web-server', 'scheduler']);

const MOST_ANCESTORS = 16;

/** Some reason to look twice at whatever this origin starts; holds beside `isBenign` where the benign part could be imitated. */
export function isSuspicious(origin: Origin): boolean {
  return origin.kinds.some((kind) => SUSPICIOUS.has(kind));
}

/** Starting kubectl is this origin's work: an alert needs a reason of its own. */
export function isBenign(origin: Origin): boolean {
  return BENIGN.has(origin.kind);
}

/**
 * What started the command: its parent, and what stands behind a shell or a wrapper that only passed it on.
 * Total: whatever a hostile event holds gives an origin. Work is bounded by the first 16 ancestors, 64 words each.
 */
export function readOrigin(start: ProcessStart): Origin {
  const { workingDirectory } = start;
  const parent =
    start.parent === undefined ? null : readImage(start.parent, { field: 'process.parent', workingDirectory });
  const findings: Finding[] = parent === null ? [] : [...parent.findings];
  const behind = parent !== null && passesOn(parent) ? readBehind(start.ancestors ?? [], parent, workingDirectory) : [];
  findings.push(...behind);
  findings.push(...circumstances(start, parent, findings));
  if (parent === null) findings.push({ kind: 'unknown', reason: 'the event names no parent process' });
  const kinds = inOrder(findings);
  const reasons: string[] = [];
  for (const kind of kinds)
    for (const finding of findings) if (finding.kind === kind) addReason(reasons, finding.reason);
  const remote = remoteReason(start);
  if (remote !== null) addReason(reasons, remote);
  const place = start.executable === undefined ? null : locate(start.executable, workingDirectory);
  if (place !== null) addReason(reasons, `process.executable ${place.reason}`);
  return {
    kind: kinds[0] ?? 'unknown',
    reasons,
    kinds,
    script: parent?.script ?? null,
    remote: remote !== null,
    binary_location: place?.place ?? null,
  };
}

function addReason(reasons: string[], reason: string): void {
  if (!reasons.includes(reason)) reasons.push(reason);
}

/** A shell or a wrapper decides nothing: it does what it was told by whoever stands behind it. */
function passesOn(reading: ImageReading): boolean {
  return reading.findings.every(({ kind }) => kind === 'shell' || kind === 'wrapper');
}

/**
 * The first ancestor that is more than a shell or a wrapper. What is suspicious there is suspicious here: a web
 * server's `sh -c` is a web shell. What is harmless there counts only where nobody typed in between: an editor's
 * `sh -c` is the editor, the shell in the editor's terminal is a person.
 */
function readBehind(
  ancestors: readonly ProcessImage[],
  parent: ImageReading,
  workingDirectory: string | undefined,
): readonly Finding[] {
  let typed = canBeTyped(parent);
  let field = 'process.parent';
  for (const image of ancestors.slice(0, MOST_ANCESTORS)) {
    field += '.parent';
    const reading = readImage(image, { field, workingDirectory });
    if (reading === null) return [];
    if (passesOn(reading)) {
      typed ||= canBeTyped(reading);
      continue;
    }
    const always: readonly OriginKind[] = ['temp-dir', 'hidden', 'web-server', 'scheduler'];
    const kinds = typed ? always : [...always, 'script', 'interpreter', ...BENIGN];
    return reading.findings.filter(({ kind }) => kinds.includes(kind));
  }
  return [];
}

/** A shell with a script or `-c` is not typed at; a multiplexer such as screen is. */
function canBeTyped(reading: ImageReading): boolean {
  const shell = reading.findings.some(({ kind }) => kind === 'shell');
  return shell && reading.interactive;
}

/** What the account, the environment and kubectl's own place say besides the parent. */
function circumstances(
  start: ProcessStart,
  parent: ImageReading | null,
  findings: readonly Finding[],
): readonly Finding[] {
  const found: Finding[] = [];
  if (findings.some(({ kind }) => DECIDED.has(kind))) return found;
  const has = (wanted: OriginKind): boolean => findings.some(({ kind }) => kind === wanted);
  const tool = start.executable === undefined ? null : privateKubectlOf(start.executable);
  if (tool !== null && !has('shell') && !has('developer-tool')) {
    found.push({ kind: 'developer-tool', reason: `process.executable is the kubectl that ${tool} brought for itself` });
  }
  // Only for what a build step is made of; somebody logged in as the build account is a person.
  const step = has('shell') || has('interpreter') || has('wrapper');
  if (!step || parent === null || parent.login) return found;
  const account = start.user?.name === undefined ? null : buildAccount(start.user.name);
  if (account !== null)
    found.push({ kind: 'ci', reason: `user.name is ${JSON.stringify(account)}, the account of a build system` });
  const variable = start.env === undefined ? null : buildVariable(start.env);
  if (variable !== null)
    found.push({ kind: 'ci', reason: `process.env_vars holds ${variable}, as build systems set it` });
  return found;
}

/** Every kind found, the chosen one first. */
function inOrder(findings: readonly Finding[]): readonly OriginKind[] {
  const kinds = ORDER.filter((kind) => findings.some((finding) => finding.kind === kind));
  const benign = kinds.find((kind) => BENIGN.has(kind));
  if (benign === undefined) return kinds;
  const unexplained = kinds.some((kind) => SUSPICIOUS.has(kind) && !EXPLAINED.has(kind));
  return unexplained ? kinds : [benign, ...kinds.filter((kind) => kind !== benign)];
}

/** Entry types of Elastic Defend that are remote; others are `init`, `container`, `login`, `terminal`, … */
const REMOTE_ENTRIES: ReadonlySet<string> = new Set(['sshd', 'ssm', 'teleport', 'kubectl', 'docker_exec']);

function remoteReason(start: ProcessStart): string | null {
  const { entry } = start;
  if (entry?.type !== undefined && REMOTE_ENTRIES.has(entry.type))
    return `process.entry_leader.entry_meta.type is ${JSON.stringify(entry.type)}: a remote session`;
  let field = 'process.parent';
  if (start.parent !== undefined && isRemoteLogin(start.parent)) return `${field} is a remote login service`;
  for (const image of (start.ancestors ?? []).slice(0, MOST_ANCESTORS)) {
    field += '.parent';
    if (isRemoteLogin(image)) return `${field} is a remote login service`;
  }
  return entry !== undefined && isRemoteLogin(entry) ? 'process.entry_leader is a remote login service' : null;
}

function isRemoteLogin(image: ProcessImage): boolean {
  const { name, executable } = image;
  return (
    (name !== undefined && programKind(name) === 'remote-login') ||
    (executable !== undefined && programKind(executable) === 'remote-login')
  );
}
