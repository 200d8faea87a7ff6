import { flagTable } from './flags.ts';
import type { FlagSpec } from './flags.ts';

/**
 * Flags that every kubectl command has. cli-runtime `pkg/genericclioptions/config_flags.go`, kubectl `pkg/cmd/cmd.go` and
 * `profiling.go`, `pkg/kuberc/kuberc.go`, component-base `logs`. The last two rows: klog's, up to kubectl 1.25.
 */
export const globalFlags: readonly FlagSpec[] = [
  ...flagTable(
    'value',
    `namespace/n server/s v/v kubeconfig context cluster user token username password client-certificate client-key
     certificate-authority tls-server-name as as-uid request-timeout cache-dir profile profile-output vmodule
     log-flush-frequency kuberc`,
  ),
  ...flagTable('array', 'as-group as-user-extra'),
  ...flagTable('bool', 'insecure-skip-tls-verify match-server-version warnings-as-errors disable-compression'),
  ...flagTable('bool', 'add-dir-header alsologtostderr logtostderr one-output skip-headers skip-log-headers'),
  ...flagTable('value', 'log-backtrace-at log-dir log-file log-file-max-size stderrthreshold'),
];

/** `oc` has one more. */
export const ocFlags: readonly FlagSpec[] = flagTable('value', 'loglevel');

/** Added to each command when it runs, not known while the command is looked for. */
export const helpFlag: readonly FlagSpec[] = flagTable('bool', 'help/h');
