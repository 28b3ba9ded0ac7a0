import { isTerminal, orderCancelled, orderCompleted, orderFailed } from "@tirage/contracts";
import { type Broker, watchSubject } from "@tirage/messaging";
import type { OrderReader, OrderWatcher } from "../ports.ts";
import { createBell } from "./bell.ts";

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
      signal.addEventListener("abort", bell.ring, { once: true });
      while (true) {
        const order = await reader.findOrder(tenantId, orderId);
        const leftMs = deadline - performance.now();
        if (!order || isTerminal(order.status) || leftMs <= 0 || signal.aborted) return order;
        await bell.wait(Math.min(leftMs, readEveryMs));
      }
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
