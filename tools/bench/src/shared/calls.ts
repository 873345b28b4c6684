/** What a process can be asked by the one that started it: functions of at most one argument, over JSON. */
export type Calls<C> = { readonly [name in keyof C]: (argument: never) => unknown };

/** A call on its way to the process. */
interface Question {
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}

/** What became of it. */
export interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** Answers the calls of the process that started this one, and ends with it. */
export function answerCalls<C extends Calls<C>>(calls: C): void {
  process.on('message', (question: Question) => void answer(calls, question));
  process.on('disconnect', () => {
    process.exit();
  });
}

async function answer<C extends Calls<C>>(calls: C, { id, name, argument }: Question): Promise<void> {
  let result: Answer;
  try {
    result = { id, value: await calls[name as keyof C](argument as never) };
  } catch (error) {
    result = { id, error: error instanceof Error ? error.message : String(error) };
  }
  process.send?.(result);
}
