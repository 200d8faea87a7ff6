/** What a kubectl command line really does. `none`: help, dry run, error, read-only, or not kubectl at all. */
export type Action = 'port-forward' | 'proxy' | 'expose' | 'other-network-change' | 'none';

/** Kinds of change under `other-network-change`. */
export type Operation =
  | 'create-service'
  | 'create-ingress'
  | 'change-service'
  | 'delete-service'
  | 'change-ingress'
  | 'delete-ingress'
  | 'change-networkpolicy'
  | 'delete-networkpolicy'
  | 'change-endpoints'
  | 'delete-endpoints'
  | 'change-httproute'
  | 'delete-httproute'
  | 'change-gateway'
  | 'delete-gateway'
  | 'expose-pod'
  | 'create-route'
  | 'host-network-pod'
  | 'exec-tunnel'
  | 'apiserver-proxy'
  | 'plugin-tunnel'
  | 'kuberc-alias-definition'
  | 'kuberc-default-definition';

/** port-forward: local 0 = random, a string = a named port, local null = a single named port. */
export interface ForwardPort {
  readonly local: number | string | null;
  readonly remote: number | string;
}

/** expose: `port` null where the object's own ports are used. */
export interface ServicePort {
  readonly port: number | string | null;
  readonly target: number | string | null;
}

/** A local listener: `localhost` = 127.0.0.1 and ::1; port 0 = random. */
export type Listener = { readonly address: string; readonly port: number | string | null } | { readonly unix: string };

export interface ServiceSpec {
  readonly type?: string;
  readonly name?: string;
  readonly external_ip?: string;
  readonly load_balancer_ip?: string;
  readonly cluster_ip?: string;
  readonly protocol?: string;
}

/** Why a listener or service can be reached from beyond this host or cluster. */
export type Exposure =
  | 'bind-non-loopback'
  | 'accept-hosts-wildcard'
  | 'filter-disabled'
  | 'reject-paths-relaxed'
  | 'nodeport'
  | 'loadbalancer'
  | 'external-ip'
  | 'route'
  | 'ingress';

/** Why the target is a sensitive one. */
export type Sensitivity = 'namespace' | 'control-plane' | 'secret-store' | 'data-store';

/** What kind of program the command line was given to, as far as the event tells. */
export type BinaryKind =
  | 'kubectl'
  /** `oc`, `k3s kubectl`, `kubectl.1.30`, `microk8s.kubectl`, … */
  | 'alternative'
  /** Not called kubectl, but its arguments or original file name say it is. */
  | 'renamed'
  /** A `kubectl-NAME` plugin. */
  | 'plugin'
  /** Not kubectl. */
  | 'other';

export interface Binary {
  readonly kind: BinaryKind;
  /** Base name that was judged. */
  readonly name: string | null;
  /** Why it is taken for kubectl; several for a renamed one. */
  readonly evidence: readonly string[];
}

/** Who the command acts as, where the command line says. Secrets are never kept: `token` only says that one was given. */
export interface Identity {
  readonly as?: string;
  readonly as_groups?: readonly string[];
  readonly as_uid?: string;
  readonly token?: boolean;
  readonly user?: string;
  readonly username?: string;
  readonly client_certificate?: string;
  readonly kubeconfig?: string;
  readonly server?: string;
  readonly insecure_skip_tls_verify?: boolean;
}

/** The reading of one command line. Field spelling is public: it is the `kubectl` object of an alert. */
export interface Intent {
  readonly action: Action;
  /** The subcommand that kubectl resolves; null: none, another program, a plugin. */
  readonly verb: string | null;
  readonly operation: Operation | null;
  readonly namespace: string | null;
  /** `kind/name`, short kinds expanded; null for proxy. */
  readonly target: string | null;
  readonly ports: readonly (ForwardPort | ServicePort)[];
  readonly listen: readonly Listener[];
  readonly service: ServiceSpec | null;
  readonly context: string | null;
  readonly cluster: string | null;
  readonly exposure: readonly Exposure[];
  readonly sensitive: readonly Sensitivity[];
  readonly identity: Identity;
  /** Peeled programs, outermost first: `sudo`, `env`, `sh`, `ssh`, `docker`, `kubectl-exec`, … */
  readonly wrappers: readonly string[];
  readonly binary: Binary;
  /** The command runs on another host or inside a pod. */
  readonly remote: boolean;
  readonly dry_run: 'none' | 'client' | 'server';
  readonly help: boolean;
  /** Name of a plugin (`kubectl-NAME`), where the first word is one. */
  readonly plugin: string | null;
  /** kuberc: what an alias or a default of the given kuberc file contributed, and where the file was named. */
  readonly kuberc: { readonly file: string | null; readonly alias: string | null; readonly defaults: boolean } | null;
  /** `proxy --www`: local directory that is served too. */
  readonly serves_files: string | null;
  /** `high`: argv was there and all of it understood; `medium`: split from a string, or a part not understood; `low`: cut or ambiguous. */
  readonly confidence: 'high' | 'medium' | 'low';
  /** What was not understood or does not work, in words: `unknown flag --frob`, `unbalanced quote`, … */
  readonly not_understood: readonly string[];
  /** Why the command would fail before it does anything, or null. */
  readonly error: string | null;
  /** The kubectl argument vector that was read, after peeling; secrets replaced by `…`. */
  readonly argv: readonly string[];
}

/** What is known about the command besides its words. */
export interface CommandContext {
  /** Decides the quoting rules of a single string. Absent: guessed from the words (a drive letter, `.exe`). */
  readonly os?: 'linux' | 'macos' | 'windows';
  /** Resolved path of the image that was started. */
  readonly executable?: string;
  /** Process name where there is no path. */
  readonly name?: string;
  readonly originalFileName?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Content of the kuberc file in force, where the caller has it. */
  readonly kuberc?: unknown;
}
