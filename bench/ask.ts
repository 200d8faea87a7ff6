import { fork } from 'node:child_process';
import { join } from 'node:path';

/** Runs `children/NAME.ts` in a process of its own, so that one measurement leaves nothing for the next. */
export function ask<Answer>(name: string, question: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'children', `${name}.ts`), { execArgv: ['--expose-gc'] });
    let answered = false;
    child.once('message', (message: { readonly result?: Answer; readonly error?: string }) => {
      answered = true;
      if (message.result === undefined) reject(new Error(message.error ?? `${name} said nothing`));
      else resolve(message.result);
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (!answered) reject(new Error(`${name} ended early (${signal ?? code})`));
    });
    child.send(question);
  });
}
