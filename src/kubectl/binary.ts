import type { Binary, BinaryKind } from './intent.ts';

/** How a program named like this takes kubectl's words. */
export interface ProgramForm {
  readonly kind: BinaryKind;
  readonly isOc: boolean;
  /** Words before kubectl's own: `k3s kubectl …`. `null`: the words are kubectl's from the start. */
  readonly behind: readonly string[] | null;
}

const KUBECTL: ProgramForm = { kind: 'kubectl', isOc: false, behind: null };
const OC: ProgramForm = { kind: 'alternative', isOc: true, behind: null };
const ALTERNATIVE: ProgramForm = { kind: 'alternative', isOc: false, behind: null };

/** Programs that hold kubectl behind a word of theirs. k0s calls it `kc` too. */
const MULTI_CALL: ReadonlyMap<string, readonly string[]> = new Map([
  ['k3s', ['kubectl']],
  ['k0s', ['kubectl', 'kc']],
  ['rke2', ['kubectl']],
  ['microk8s', ['kubectl']],
  ['minikube', ['kubectl']],
  ['tsh', ['kubectl']],
  ['werf', ['kubectl']],
  ['hyperkube', ['kubectl']],
  ['garden', ['kubectl']],
  ['talosctl', ['kubectl']],
  ['colima', ['kubectl']],
  ['rdctl', ['kubectl']],
]);

/** The kernel marks the image of a running program whose file is gone. */
const DELETED = ' (deleted)';

/** The base name of a path of any system, without `.exe`, lower case where it had one. */
export function baseName(path: string): string {
  let base = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  if (base.endsWith(DELETED)) base = base.slice(0, -DELETED.length);
  const isExe = base.charCodeAt(base.length - 4) === 0x2e && base.slice(-3).toLowerCase() === 'exe';
  return isExe ? base.slice(0, -4).toLowerCase() : base;
}

/** What a program of this name is to kubectl, or `undefined`. */
export function formOfName(name: string): ProgramForm | undefined {
  const plain = name.charCodeAt(0) === 0x2d ? name.slice(1) : name;
  if (plain === 'kubectl') return KUBECTL;
  if (plain === 'oc') return OC;
  // gcloud's `kubectl.1.30`, `kubectl1.30`, `kubectl-v1.31.2`, `kubectl_real`, `kubectl.docker`, `microk8s.kubectl`.
  if (
    plain.startsWith('kubectl') &&
    (/^kubectl[._-]?v?\d[\w.+-]{0,30}$/.test(plain) ||
      /^kubectl[._-](real|docker|orig|original|bin|linux|darwin|windows|amd64|arm64)[\w.-]{0,30}$/.test(plain))
  ) {
    return ALTERNATIVE;
  }
  if (plain === 'kubecolor' || plain === 'microk8s.kubectl') return ALTERNATIVE;
  const behind = MULTI_CALL.get(plain);
  return behind === undefined ? undefined : { kind: 'alternative', isOc: false, behind };
}

export function binary(kind: BinaryKind, name: string | null, ...evidence: readonly string[]): Binary {
  return { kind, name, evidence };
}
