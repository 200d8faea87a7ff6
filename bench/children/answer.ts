/** Waits for the one question of the parent, does the work, and answers. */
export function answer(work: (question: unknown) => Promise<object>): void {
  // The parent is gone: nobody waits for the answer.
  process.once('disconnect', () => process.exit());
  process.once('message', (question: unknown) => {
    void work(question).then(
      (result) => process.send?.({ result }, () => process.disconnect()),
      (error: unknown) =>
        process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }, () =>
          process.disconnect(),
        ),
    );
  });
}
