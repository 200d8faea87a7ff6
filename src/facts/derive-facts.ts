import type { ProcessCommand, ProcessStart } from '../event/process-start.ts';
import type { Intent } from '../kubectl/intent.ts';
import { readCommand } from '../kubectl/read-command.ts';
import type { Origin } from '../origin/origin.ts';
import { readOrigin } from '../origin/read-origin.ts';

/** What is derived from one process start: worked out when somebody asks, and once. */
export interface ProcessFacts {
  /** What the command does. Needs nothing of the parent. */
  readonly intent: Intent;
  /** What started it. Asking may cost a look-back. */
  readonly origin: Origin;
}

/** Facts of `start`; `kuberc` is the content of the kuberc file in force, where the caller has it. */
export function deriveFacts(start: ProcessStart, kuberc?: unknown): ProcessFacts {
  return new Facts(start, () => start, kuberc);
}

/** Facts of a process of which more than the command is read only when something asks after its origin. */
export function deriveFactsOf(command: ProcessCommand, start: () => ProcessStart): ProcessFacts {
  return new Facts(command, start, undefined);
}

class Facts implements ProcessFacts {
  readonly #command: ProcessCommand;
  readonly #start: () => ProcessStart;
  readonly #kuberc: unknown;
  #intent: Intent | undefined;
  #origin: Origin | undefined;

  constructor(command: ProcessCommand, start: () => ProcessStart, kuberc: unknown) {
    this.#command = command;
    this.#start = start;
    this.#kuberc = kuberc;
  }

  get intent(): Intent {
    if (this.#intent === undefined) {
      const context = this.#kuberc === undefined ? this.#command : { ...this.#command, kuberc: this.#kuberc };
      this.#intent = readCommand(commandOf(this.#command), context);
    }
    return this.#intent;
  }

  get origin(): Origin {
    this.#origin ??= readOrigin(this.#start());
    return this.#origin;
  }
}

/** The argument vector where the source sends one, else its command line, else the image alone. */
function commandOf({ args, commandLine, executable, name }: ProcessCommand): readonly string[] | string {
  if (args !== undefined && args.length > 0) return args;
  if (commandLine !== undefined && commandLine.trim() !== '') return commandLine;
  return [executable ?? name ?? ''];
}
