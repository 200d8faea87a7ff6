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

const CONTROL_PLANE_PORTS = new Set([2379, 2380, 6443, 10250, 10255, 10257, 10259]);
const SECRET_STORE_PORTS = new Set([8200]);
const DATA_STORE_PORTS = new Set([1433, 1521, 3306, 5432, 6379, 9042, 9200, 11211, 27017]);

/** Why a target is a sensitive one: its namespace, its name, or the ports asked of it. */
export function sensitivityOf(
  target: string | null,
  namespace: string | null,
  ports: readonly (ForwardPort | ServicePort)[],
): readonly Sensitivity[] {
  const found = new Set<Sensitivity>();
  if (namespace !== null && NAMESPACES.has(namespace.trim())) found.add('namespace');
  const name = (target?.slice(target.indexOf('/') + 1) ?? '').toLowerCase().slice(0, 253);
  const words = name.split(/[^a-z0-9]+/).flatMap((word) => [word, word.replace(/\d+$/, '')]);
  if (words.some((word) => CONTROL_PLANE_WORDS.has(word)) || CONTROL_PLANE_NAMES.some((part) => isPart(name, part))) {
    found.add('control-plane');
  }
  if (target?.startsWith('node/')) found.add('control-plane');
  if (words.some((word) => SECRET_STORE_WORDS.has(word))) found.add('secret-store');
  if (words.some((word) => DATA_STORES.has(word)) || DATA_STORE_PARTS.some((part) => name.includes(part)))
    found.add('data-store');
  for (const port of ports) {
    for (const number of 'remote' in port ? [port.remote] : [port.port, port.target]) {
      if (typeof number !== 'number') continue;
      if (CONTROL_PLANE_PORTS.has(number)) found.add('control-plane');
      if (SECRET_STORE_PORTS.has(number)) found.add('secret-store');
      if (DATA_STORE_PORTS.has(number)) found.add('data-store');
    }
  }
  return [...found];
}

/** `kubernetes` is the API server's own Service; in a longer name it is only a word. */
function isPart(name: string, part: string): boolean {
  return part === 'kubernetes' ? name === part : name.includes(part);
}
