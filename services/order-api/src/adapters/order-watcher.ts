import { setTimeout as delay } from "node:timers/promises";
import { isTerminal, orderCancelled, orderCompleted, orderFailed } from "@tirage/contracts";
import { type Broker, watchSubject } from "@tirage/messaging";
import type { OrderReader, OrderWatcher } from "../ports.ts";

const terminalMessages = [orderCompleted, orderFailed, orderCancelled];

/** How late an end is noticed whose message was missed. */
const readEveryMs = 1_000;

/** Waits for orders to end: messages say when to look, Postgres says what is. */
export function createOrderWatcher({
  reader,
  broker,
}: {
  readonly reader: OrderReader;
  readonly broker: () => Broker | undefined;
}): OrderWatcher {
  return {
    async waitUntilTerminal({ tenantId, orderId }, { waitMs, signal }) {
      const deadline = performance.now() + waitMs;
      const bell = createBell();
      using _watching = ringFor(orderId, broker(), bell.ring);
      while (true) {
        const rung = bell.next();
        const order = await reader.findOrder(tenantId, orderId);
        const leftMs = deadline - performance.now();
        if (!order || isTerminal(order.status) || leftMs <= 0 || signal.aborted) return order;
        const timeout = AbortSignal.any([signal, rung]);
        await delay(Math.min(leftMs, readEveryMs), undefined, { signal: timeout }).catch(() => undefined);
      }
    },
  };
}

/** Rings may come while nobody listens: `next` is taken before looking, so none is missed. */
function createBell() {
  let rung = new AbortController();
  return {
    ring: () => rung.abort(),
    next(): AbortSignal {
      rung = new AbortController();
      return rung.signal;
    },
  };
}

function ringFor(orderId: string, broker: Broker | undefined, ring: () => void): Disposable {
  const watches = new DisposableStack();
  if (broker?.isConnected()) {
    for (const definition of terminalMessages) {
      watches.use(watchSubject(broker, `${definition.name}.${orderId}`, definition, ring));
    }
  }
  return watches;
}
