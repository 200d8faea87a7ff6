import type { ProcessImage, ProcessStart } from '../event/process-start.ts';

/** An object of an ECS document: what is absent is left out. */
export type EcsObject = Readonly<Record<string, unknown>>;

/**
 * `process`, `user`, `host`, `container` and `orchestrator` of ECS 8 for a process start. `process.pid` is a number where the
 * source's is one.
 */
export function ecsProcess(start: ProcessStart | undefined): EcsObject {
  if (start === undefined) return {};
  const { parent, ancestors, user, host, container, orchestrator } = start;
  return compact({
    process: compact({
      ...image(start),
      working_directory: start.workingDirectory,
      hash: start.hashes,
      pe: start.originalFileName === undefined ? undefined : { original_file_name: start.originalFileName },
      parent:
        parent === undefined
          ? undefined
          : compact({ ...image(parent), parent: ancestors?.[0] === undefined ? undefined : image(ancestors[0]) }),
      entry_leader:
        start.entry === undefined
          ? undefined
          : compact({
              ...image(start.entry),
              entry_meta: start.entry.type === undefined ? undefined : { type: start.entry.type },
            }),
    }),
    user: compact({ name: user?.name, id: user?.id, domain: user?.domain }),
    host: compact({ name: host?.name, id: host?.id, os: start.os === undefined ? undefined : { type: start.os } }),
    container: compact({
      id: container?.id,
      name: container?.name,
      image: container?.image === undefined ? undefined : { name: container.image },
    }),
    orchestrator: compact({
      type: orchestrator === undefined ? undefined : 'kubernetes',
      cluster: orchestrator?.cluster === undefined ? undefined : { name: orchestrator.cluster },
      namespace: orchestrator?.namespace,
      resource: orchestrator?.pod === undefined ? undefined : { type: 'pod', name: orchestrator.pod },
    }),
  });
}

function image(process: ProcessImage): EcsObject {
  const { name, executable, args, entityId } = process;
  return compact({
    pid: pidOf(process),
    entity_id: entityId,
    name,
    executable,
    command_line: commandLineOf(process),
    args,
    args_count: args?.length,
  });
}

/** A number where the source's is one that fits. */
export function pidOf({ pid }: ProcessImage): number | undefined {
  return pid !== undefined && /^\d{1,15}$/.test(pid) ? Number(pid) : undefined;
}

/** As the source sends it, else the arguments in a row. */
export function commandLineOf({ commandLine, args }: ProcessImage): string | undefined {
  return commandLine ?? args?.join(' ');
}

/** Without what is absent or empty. */
export function compact(object: EcsObject): EcsObject {
  return Object.fromEntries(
    Object.entries(object).filter(
      ([, value]) =>
        value !== undefined &&
        !(typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0),
    ),
  );
}
