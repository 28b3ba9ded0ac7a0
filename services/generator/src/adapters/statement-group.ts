/** Calls that are ready together share one statement: a queue, flushed when the event loop comes round. No timer. */
import { AsyncLocalStorage } from "node:async_hooks";

export interface StatementGroupOptions<Request, Answer> {
  /** Calls of one key never share a statement, and statements take their rows in the order of their keys. */
  keyOf(request: Request): string;
  /** One statement for all requests, whose keys differ and ascend; answers by key. */
  execute(requests: readonly Request[]): Promise<ReadonlyMap<string, Answer>>;
  readonly maximumRows?: number;
  readonly maximumInFlight?: number;
}

interface Waiting<Request, Answer> {
  readonly key: string;
  readonly request: Request;
  resolve(answer: Answer | undefined): void;
  reject(error: unknown): void;
}

/**
 * A function that makes one call, grouped with others. A call whose key is being executed waits for that statement to
 * end. Answers undefined when the statement said nothing of the key.
 */
export function createStatementGroup<Request, Answer>({
  keyOf,
  execute,
  maximumRows = 100,
  maximumInFlight = 2,
}: StatementGroupOptions<Request, Answer>): (request: Request) => Promise<Answer | undefined> {
  let queue: Waiting<Request, Answer>[] = [];
  let inFlight = 0;
  let isScheduled = false;
  const busyKeys = new Set<string>();
  // A statement belongs to many calls: it must not show up in the trace of the one that happened to come first.
  const outsideTraces = AsyncLocalStorage.snapshot();

  const schedule = () => {
    if (isScheduled || queue.length === 0 || inFlight >= maximumInFlight) return;
    isScheduled = true;
    outsideTraces(() => setImmediate(flush));
  };

  /** Takes the oldest calls of keys that no statement is busy with, and marks those busy. */
  const takeGroup = (): Waiting<Request, Answer>[] => {
    const group: Waiting<Request, Answer>[] = [];
    const rest: Waiting<Request, Answer>[] = [];
    for (const call of queue) {
      if (group.length < maximumRows && !busyKeys.has(call.key)) {
        busyKeys.add(call.key);
        group.push(call);
      } else {
        rest.push(call);
      }
    }
    queue = rest;
    return group.sort((one, other) => (one.key < other.key ? -1 : 1));
  };

  const send = async (group: readonly Waiting<Request, Answer>[]) => {
    inFlight += 1;
    try {
      const answers = await execute(group.map(({ request }) => request));
      for (const call of group) call.resolve(answers.get(call.key));
    } catch (error) {
      for (const call of group) call.reject(error);
    } finally {
      inFlight -= 1;
      for (const { key } of group) busyKeys.delete(key);
      schedule();
    }
  };

  const flush = () => {
    isScheduled = false;
    while (inFlight < maximumInFlight) {
      const group = takeGroup();
      if (group.length === 0) return;
      void send(group);
    }
  };

  return (request) =>
    new Promise((resolve, reject) => {
      queue.push({ key: keyOf(request), request, resolve, reject });
      schedule();
    });
}
