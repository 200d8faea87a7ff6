import type { ForwardPort, Sensitivity, ServicePort } from './intent.ts';

const NAMESPACES = new Set(['kube-system', 'kubernetes-dashboard', 'openshift-etcd', 'openshift-kube-apiserver']);

/** Parts of names, whole words between dashes, dots and digits, or (the second list) anywhere in the name. */
const CONTROL_PLANE_WORDS = new Set(['etcd', 'kubelet', 'apiserver']);
const CONTROL_PLANE_NAMES = [
  'kube-apiserver',
  'kubernetes-dashboard',
  'kube-controller-manager',
  'kube-scheduler',
  'kubernetes',
];
const SECRET_STORE_WORDS = new Set(['vault', 'openbao', 'conjur']);
const DATA_STORE_WORDS = [
  'postgres',
  'postgresql',
  'pgsql',
  'pg',
  'pgbouncer',
  'pgpool',
  'timescaledb',
  'mysql',
  'mariadb',
  'percona',
  'galera',
  'mongo',
  'mongodb',
  'mongos',
  'redis',
  'keydb',
  'valkey',
  'dragonflydb',
  'cassandra',
  'scylla',
  'scylladb',
  'elasticsearch',
  'opensearch',
  'memcached',
  'mssql',
  'sqlserver',
  'oracle',
  'oracledb',
  'clickhouse',
  'couchdb',
  'couchbase',
  'cockroach',
  'cockroachdb',
  'influxdb',
  'neo4j',
  'arangodb',
  'rethinkdb',
  'yugabyte',
  'tidb',
  'db2',
  'vitess',
  'dgraph',
  'questdb',
  'crate',
  'cratedb',
] as const;
const DATA_STORES: ReadonlySet<string> = new Set(DATA_STORE_WORDS);
/** Products whose names are long enough to be told inside a word (`mypostgres01`, `rediscluster`). */
const DATA_STORE_PARTS = DATA_STORE_WORDS.filter(
  (word) => word.length >= 5 && word !== 'mongos' && word !== 'crate' && word !== 'oracle',
);

const ANY_DATA_STORE_PART = new RegExp(DATA_STORE_PARTS.join('|'));

const CONTROL_PLANE_PORTS = new Set([2379, 2380, 6443, 10250, 10255, 10257, 10259]);
const SECRET_STORE_PORTS = new Set([8200]);
const DATA_STORE_PORTS = new Set([1433, 1521, 3306, 5432, 6379, 9042, 9200, 11211, 27017]);

/** Why a target is a sensitive one: its namespace, its name, or the ports asked of it. */
export function sensitivityOf(
  target: string | null,
  namespace: string | null,
  ports: readonly (ForwardPort | ServicePort)[],
): readonly Sensitivity[] {
  const found: Sensitivity[] = [];
  if (namespace !== null && NAMESPACES.has(namespace.trim())) found.push('namespace');
  if (target !== null) addByName(target, found);
  for (const port of ports) {
    if ('remote' in port) addByPort(port.remote, found);
    else {
      addByPort(port.port, found);
      addByPort(port.target, found);
    }
  }
  return found;
}

function addByName(target: string, found: Sensitivity[]): void {
  const name = target
    .slice(target.indexOf('/') + 1)
    .toLowerCase()
    .slice(0, 253);
  let controlPlane = target.startsWith('node/') || CONTROL_PLANE_NAMES.some((part) => isPart(name, part));
  let secretStore = false;
  let dataStore = ANY_DATA_STORE_PART.test(name);
  for (let at = 0; at < name.length; at++) {
    const start = at;
    while (isLetterOrDigit(name.charCodeAt(at))) at++;
    let end = at;
    // The word, and the word without the digits at its end.
    while (start < end) {
      const word = name.slice(start, end);
      controlPlane ||= CONTROL_PLANE_WORDS.has(word);
      secretStore ||= SECRET_STORE_WORDS.has(word);
      dataStore ||= DATA_STORES.has(word);
      if (end < at || !isDigit(name.charCodeAt(end - 1))) break;
      while (end > start && isDigit(name.charCodeAt(end - 1))) end--;
    }
  }
  if (controlPlane) found.push('control-plane');
  if (secretStore) found.push('secret-store');
  if (dataStore) found.push('data-store');
}

function addByPort(port: number | string | null, found: Sensitivity[]): void {
  if (typeof port !== 'number') return;
  if (CONTROL_PLANE_PORTS.has(port)) add(found, 'control-plane');
  if (SECRET_STORE_PORTS.has(port)) add(found, 'secret-store');
  if (DATA_STORE_PORTS.has(port)) add(found, 'data-store');
}

function add(found: Sensitivity[], one: Sensitivity): void {
  if (!found.includes(one)) found.push(one);
}

function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57;
}

function isLetterOrDigit(unit: number): boolean {
  return (unit >= 97 && unit <= 122) || isDigit(unit);
}

/** `kubernetes` is the API server's own Service; in a longer name it is only a word. */
function isPart(name: string, part: string): boolean {
  return part === 'kubernetes' ? name === part : name.includes(part);
}
