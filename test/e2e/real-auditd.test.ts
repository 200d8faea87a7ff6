import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';

import { at, lines, portreeve } from './run-portreeve.ts';

/** A key of its own, so that the rule can be taken back and the records be told from others. */
const KEY = 'portreeve-test';
const RULE = ['always,exit', '-F', 'arch=b64', '-S', 'execve', '-S', 'execveat', '-k', KEY];

/** Why the kernel's audit system cannot be used here, or `undefined`. */
function obstacle(): string | undefined {
  if (process.platform !== 'linux') return 'not Linux';
  if (process.getuid?.() !== 0) return 'not root';
  if (spawnSync('auditd', ['--help']).error) return 'auditd is not installed';
  const status = spawnSync('auditctl', ['-s'], { encoding: 'utf8' });
  if (status.error || status.status !== 0) return 'auditctl cannot talk to the kernel';
  const owner = /^pid (\d+)$/m.exec(status.stdout)?.[1];
  if (owner !== '0') return `another audit daemon runs (pid ${owner ?? 'unknown'})`;
  return undefined;
}

/** Waits until `done` or until the time is up. */
async function until(done: () => boolean): Promise<boolean> {
  for (let i = 0; i < 100; i++) {
    if (done()) return true;
    await wait(50);
  }
  return false;
}

test('a real auditd: kubectl run by a script in /tmp is found, with its parent', async (t) => {
  const why = obstacle();
  if (why !== undefined) {
    t.skip(`the kernel's audit system cannot be used here: ${why}`);
    return;
  }
  const work = mkdtempSync('/tmp/portreeve-auditd-');
  // The binary lies outside of temporary directories: it is the script that is suspicious.
  const bin = mkdtempSync(join(homedir(), 'portreeve-bin-'));
  chmodSync(work, 0o700);
  const conf = join(work, 'conf');
  const log = join(work, 'log', 'audit.log');
  mkdirSync(join(conf, 'plugins.d'), { recursive: true, mode: 0o700 });
  mkdirSync(join(work, 'log'), { mode: 0o700 });
  writeFileSync(
    join(conf, 'auditd.conf'),
    [
      'local_events = yes',
      'write_logs = yes',
      `log_file = ${log}`,
      'log_group = root',
      'log_format = ENRICHED',
      'flush = INCREMENTAL_ASYNC',
      'freq = 50',
      'max_log_file = 8',
      'num_logs = 2',
      'max_log_file_action = IGNORE',
      'space_left = 5',
      'space_left_action = IGNORE',
      'admin_space_left = 1',
      'admin_space_left_action = IGNORE',
      'disk_full_action = IGNORE',
      'disk_error_action = IGNORE',
      `plugin_dir = ${join(conf, 'plugins.d')}`,
      '',
    ].join('\n'),
    { mode: 0o640 },
  );
  // A stand-in: the kernel records what is executed, not what it does.
  copyFileSync('/bin/true', join(bin, 'kubectl'));
  chmodSync(join(bin, 'kubectl'), 0o755);
  const script = join(work, 'up date.sh');
  const target = ['port-forward', '--address', '0.0.0.0', 'svc/postgres', '15432:5432'];
  writeFileSync(script, `#!/bin/bash\n"${join(bin, 'kubectl')}" ${target.join(' ')}\nexit 0\n`, { mode: 0o755 });

  const daemon = spawn('auditd', ['-c', conf, '-n', '-s', 'enable'], { stdio: 'ignore' });
  const gone = new Promise<void>((resolve) => daemon.once('exit', () => resolve()));
  try {
    const runs = await until(() =>
      spawnSync('auditctl', ['-s'], { encoding: 'utf8' }).stdout.includes(`pid ${daemon.pid}\n`),
    );
    if (!runs || spawnSync('auditctl', ['-a', ...RULE]).status !== 0) {
      t.skip('auditd did not start, or takes no rules here');
      return;
    }
    const ran = spawnSync(script);
    assert.equal(ran.status, 0);
    await until(() => readFileSync(log, 'utf8').includes('a1="port-forward"'));
    await wait(200);
  } finally {
    spawnSync('auditctl', ['-d', ...RULE]);
    daemon.kill();
    await gone;
    spawnSync('auditctl', ['-e', '0']);
    rmSync(bin, { recursive: true, force: true });
  }

  const run = portreeve(['scan', log, '--format', 'ndjson', '--stats=json']);
  assert.equal(run.status, 0, run.stderr);
  const alerts = lines(run.stdout).filter((alert) => at(alert, 'kubectl', 'action') === 'port-forward');
  assert.equal(alerts.length, 1, run.stdout + run.stderr);
  const [alert] = alerts;
  assert.equal(at(alert, 'event', 'shape'), 'auditd');
  assert.equal(at(alert, 'severity'), 'critical');
  assert.equal(at(alert, 'kubectl', 'target'), 'service/postgres');
  assert.deepEqual(at(alert, 'kubectl', 'ports'), [{ local: 15432, remote: 5432 }]);
  assert.equal(at(alert, 'process', 'executable'), join(bin, 'kubectl'));
  assert.match(String(at(alert, 'process', 'parent', 'executable')), /\/bash$/);
  assert.deepEqual(at(alert, 'process', 'parent', 'args'), ['/bin/bash', script]);
  assert.equal(at(alert, 'origin', 'kind'), 'script');
  rmSync(work, { recursive: true, force: true });
});
