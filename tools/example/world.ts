// The six machines of the example, their people, and what a process is.
import type { Micros } from './time.ts';

export type HostName = 'ops-1' | 'build-1' | 'dev-1' | 'web-1' | 'data-1' | 'admin-1';

export interface Host {
  readonly name: HostName;
  readonly ip: string;
  readonly mac: string;
  readonly role: string;
}

const HOSTS: Readonly<Record<HostName, Host>> = {
  'ops-1': { name: 'ops-1', ip: '10.20.0.11', mac: '02-00-5e-10-00-11', role: 'jump host of the operations team' },
  'build-1': { name: 'build-1', ip: '10.20.0.21', mac: '02-00-5e-10-00-21', role: 'CI runner' },
  'dev-1': { name: 'dev-1', ip: '10.20.0.31', mac: '02-00-5e-10-00-31', role: "a developer's workstation" },
  'web-1': { name: 'web-1', ip: '10.20.0.41', mac: '02-00-5e-10-00-41', role: 'web application server' },
  'data-1': { name: 'data-1', ip: '10.20.0.51', mac: '02-00-5e-10-00-51', role: 'reporting and backups' },
  'admin-1': { name: 'admin-1', ip: '10.20.0.61', mac: '02-00-5e-10-00-61', role: 'cluster administration' },
};

export const host = (name: HostName): Host => HOSTS[name];

export const API_SERVER = '10.20.0.5';
/** Documentation addresses (RFC 5737): where the intruder comes from, and where the data goes. */
export const INTRUDER = '203.0.113.66';
export const DROP = '198.51.100.23';
/** Package mirrors, web services and the like. */
export const OUTSIDE = ['192.0.2.10', '192.0.2.25', '192.0.2.80'] as const;

const USERS = {
  root: 0,
  'www-data': 33,
  _apt: 42,
  postgres: 106,
  tomcat: 998,
  alice: 1001,
  bob: 1002,
  ci: 1003,
  deploy: 1004,
} as const;

export type User = keyof typeof USERS;

export const userId = (user: User): number => USERS[user];

/** Who a user's kubeconfig says they are to the API server. */
export const CLUSTER_IDENTITY: Readonly<Record<User, string>> = {
  root: 'kubernetes-admin',
  'www-data': 'system:anonymous',
  _apt: 'system:anonymous',
  postgres: 'system:anonymous',
  tomcat: 'system:serviceaccount:shop:storefront',
  alice: 'alice@example.com',
  bob: 'bob@example.com',
  ci: 'system:serviceaccount:ci:deployer',
  deploy: 'system:serviceaccount:ops:deploy',
};

/** One image in one process. An `exec` in place is a new `Process` with the pid of the one before. */
export interface Process {
  readonly host: Host;
  readonly parent: Process | undefined;
  /** The interpreter, where a script was started by its `#!` line. */
  readonly executable: string;
  /** The script that was started by its `#!` line; `args` begins with its interpreter. */
  readonly script: string | undefined;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly user: User;
  /** Who logged in, whatever `sudo` made of it later; `undefined` for services. */
  readonly login: User | undefined;
  readonly start: Micros;
  /** Number of the pseudo terminal. */
  readonly tty: number | undefined;
  /** The login shell or service that opened the session; `undefined`: this process did. */
  readonly leader: Process | undefined;
  /** Address of the ssh client, on the session's leader. */
  readonly remoteIp: string | undefined;
  /** Number of the login session in the audit log. */
  readonly session: number | undefined;
  /** Runs since before the night. */
  readonly old: boolean;
  /** Forked and never executed anything: a cron or sshd child. */
  readonly forked: boolean;
  /** The image before an `exec` in place. */
  readonly before: Process | undefined;
  /** API requests that the command makes, where they do not follow from its words. */
  readonly api: readonly ApiRequest[] | undefined;
  /** Set when the night is complete. */
  pid: number;
}

export interface ApiRequest {
  readonly verb: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly group?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly uri: string;
  readonly code: number;
  /** Of an API client behind `kubectl proxy`. */
  readonly userAgent?: string;
  readonly username?: string;
  readonly sourceIPs?: readonly string[];
  /** A tunnel: reported when it opens and again when it closes. */
  readonly longRunning?: boolean;
}

export type Activity = { readonly time: Micros; readonly process: Process } & (
  | { readonly kind: 'start' }
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'connect'; readonly ip: string; readonly port: number; readonly localPort: number }
  | { readonly kind: 'listen'; readonly ip: string; readonly port: number }
  | { readonly kind: 'file'; readonly path: string; readonly change: 'create' | 'delete' }
  | { readonly kind: 'lookup'; readonly domain: string }
  | { readonly kind: 'login'; readonly user: User; readonly ip: string; readonly port: number }
);

/** The name that the kernel gives the process: a script's own, else the executable's. */
export function commName(process: Process): string {
  return baseName(process.script ?? process.executable).slice(0, 15);
}

export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** What the file holds, whatever it is called: the intruder's copies of kubectl are kubectl. */
export function content(process: Process): string {
  const name = baseName(process.executable);
  return name === 'kubectl' || process.executable.startsWith('/dev/shm/') ? 'kubectl v1.35.2' : process.executable;
}

/** A process and what it came from, the process first. */
export function lineage(process: Process): readonly Process[] {
  const line: Process[] = [];
  for (let next: Process | undefined = process; next; next = next.parent) line.push(next);
  return line;
}
