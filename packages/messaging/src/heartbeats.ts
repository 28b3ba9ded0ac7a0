/** Keeps deliveries alive while they are handled: one timer for all of a consumption, whatever their number. */
import type { JsMsg } from "@nats-io/jetstream";

export interface Heartbeats extends Disposable {
  add(message: JsMsg): void;
  remove(message: JsMsg): void;
  readonly size: number;
}

/** Beats every third of the time after which the broker would deliver the message to somebody else. */
export function createHeartbeats(acknowledgeWaitMs: number): Heartbeats {
  const alive = new Set<JsMsg>();
  const timer = setInterval(() => {
    for (const message of alive) message.working();
  }, acknowledgeWaitMs / 3);
  return {
    add: (message) => void alive.add(message),
    remove: (message) => void alive.delete(message),
    get size() {
      return alive.size;
    },
    [Symbol.dispose]() {
      clearInterval(timer);
      alive.clear();
    },
  };
}
