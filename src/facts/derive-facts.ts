import type { ProcessStart } from '../event/process-start.ts';
import type { CommandContext, Intent } from '../kubectl/intent.ts';
import { readCommand } from '../kubectl/read-command.ts';
import type { Origin } from '../origin/origin.ts';
import { readOrigin } from '../origin/read-origin.ts';

/** What is derived from one process start: worked out when somebody asks, and once. */
export interface ProcessFacts {
  readonly start: ProcessStart;
  /** What the command does. Needs nothing of the parent. */
  readonly intent: Intent;
  /** What started it. Asking may cost a look-back. */
  readonly origin: Origin;
}

/** Facts of `start`; `kuberc` is the content of the kuberc file in force, where the caller has it. */
export function deriveFacts(start: ProcessStart, kuberc?: unknown): ProcessFacts {
  let intent: Intent | undefined;
  let origin: Origin | undefined;
  return {
    start,
    get intent() {
      intent ??= readCommand(commandOf(start), contextOf(start, kuberc));
      return intent;
    },
    get origin() {
      origin ??= readOrigin(start);
      return origin;
    },
  };
}

/** The argument vector where the source sends one, else its command line, else the image alone. */
function commandOf({ args, commandLine, executable, name }: ProcessStart): readonly string[] | string {
  if (args !== undefined && args.length > 0) return args;
  if (commandLine !== undefined && commandLine.trim() !== '') return commandLine;
  return [executable ?? name ?? ''];
}

function contextOf(
  { os, executable, name, originalFileName, hashes, workingDirectory, env }: ProcessStart,
  kuberc: unknown,
): CommandContext {
  return {
    ...(os === undefined ? {} : { os }),
    ...(executable === undefined ? {} : { executable }),
    ...(name === undefined ? {} : { name }),
    ...(originalFileName === undefined ? {} : { originalFileName }),
    ...(hashes === undefined ? {} : { hashes }),
    ...(workingDirectory === undefined ? {} : { workingDirectory }),
    ...(env === undefined ? {} : { env }),
    ...(kuberc === undefined ? {} : { kuberc }),
  };
}
