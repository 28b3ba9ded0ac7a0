import { orderCancelled, orderCompleted, orderDeleted, orderFailed, orderUpdated } from "@tirage/contracts";
import { type Broker, watchSubject } from "@tirage/messaging";

/** That an order changed; what it is now, Postgres says. */
interface OrderHint {
  readonly tenantId: string;
  readonly orderId: string;
}

export interface OrderHints extends Disposable {
  /** Of one order. */
  listenToOrder(orderId: string, listener: () => void): Disposable;
  /** Of every order of a tenant. */
  listenToTenant(tenantId: string, listener: (orderId: string) => void): Disposable;
}

type Listener = (orderId: string) => void;

/**
 * One subscription of the replica for all who follow orders, made when the first one comes and the broker is there. A
 * hint may be lost; who listens also looks from time to time.
 */
export function createOrderHints({ broker }: { readonly broker: () => Broker | undefined }): OrderHints {
  const listeners = new Map<string, Set<Listener>>();
  const subscriptions = new DisposableStack();
  let isSubscribed = false;
  const tell = (key: string, orderId: string) => {
    for (const listener of listeners.get(key) ?? []) listener(orderId);
  };
  const hear = ({ tenantId, orderId }: OrderHint) => {
    tell(`order ${orderId}`, orderId);
    tell(`tenant ${tenantId}`, orderId);
  };
  const subscribe = () => {
    const connected = broker();
    if (isSubscribed || !connected?.isConnected()) return;
    isSubscribed = true;
    subscriptions.use(watchSubject(connected, `${orderUpdated.name}.>`, orderUpdated, hear));
    for (const definition of [orderCompleted, orderFailed, orderCancelled, orderDeleted]) {
      subscriptions.use(watchSubject(connected, `${definition.name}.>`, definition, hear));
    }
  };
  const listen = (key: string, listener: Listener): Disposable => {
    subscribe();
    const ofKey = listeners.get(key) ?? new Set();
    listeners.set(key, ofKey.add(listener));
    return {
      [Symbol.dispose]() {
        ofKey.delete(listener);
        if (ofKey.size === 0 && listeners.get(key) === ofKey) listeners.delete(key);
      },
    };
  };
  return {
    listenToOrder: (orderId, listener) => listen(`order ${orderId}`, listener),
    listenToTenant: (tenantId, listener) => listen(`tenant ${tenantId}`, listener),
    [Symbol.dispose]: () => subscriptions.dispose(),
  };
}
