import { Command } from 'commander';

import { explainIntent } from '../kubectl/explain-text.ts';
import { readCommand } from '../kubectl/read-command.ts';

/** `portreeve kubectl explain`. */
export function kubectlCommand(): Command {
  const explain = new Command('explain')
    .description('Print what a kubectl command line does, read the way kubectl reads it.')
    .argument('<command...>', 'the command: one word an argument after --, or one quoted string')
    .option('--json', 'the reading as one JSON object')
    .option('--os <name>', 'operating system whose quoting rules hold for a string: linux, macos, windows')
    .option('--executable <path>', 'path of the image that was started')
    .passThroughOptions()
    .addHelpText(
      'after',
      `
Examples:
  $ portreeve kubectl explain -- kubectl -n prod port-forward svc/postgres 5432
  $ portreeve kubectl explain "sudo sh -c 'kubectl proxy --address 0.0.0.0 --accept-hosts .*'"
  $ portreeve kubectl explain --json --executable /tmp/k -- k expose deploy web --type=NodePort`,
    )
    .action((words: readonly string[], options: ExplainOptions, command: Command) => {
      const { json, os, executable } = options;
      if (os !== undefined && !isOperatingSystem(os)) {
        command.error(`error: --os is ${JSON.stringify(os)}; expected linux, macos or windows`);
        return;
      }
      const [only] = words;
      const intent = readCommand(words.length === 1 && only !== undefined ? only : words, {
        ...(os === undefined ? {} : { os }),
        ...(executable === undefined ? {} : { executable }),
      });
      process.stdout.write(json ? `${JSON.stringify(intent)}\n` : `${explainIntent(intent)}\n`);
    });
  return new Command('kubectl')
    .description('Read kubectl command lines.')
    .enablePositionalOptions()
    .addCommand(explain);
}

interface ExplainOptions {
  readonly json?: boolean;
  readonly os?: string;
  readonly executable?: string;
}

function isOperatingSystem(name: string): name is 'linux' | 'macos' | 'windows' {
  return name === 'linux' || name === 'macos' || name === 'windows';
}
