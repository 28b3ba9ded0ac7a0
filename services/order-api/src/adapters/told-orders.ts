import type { Order } from "@tirage/contracts";
import type { OrderFeedPosition } from "../domain/event-id.ts";

type ProductPosition = OrderFeedPosition["product"];

export interface ToldOrders {
  /** Whether this version was not told yet; from now on it was. */
  isNew(order: Pick<Order, "id" | "version">): boolean;
  /** The last product that was told of the order; undefined where nothing is known of its products. */
  lastProduct(orderId: string): ProductPosition | undefined;
  noteProduct(orderId: string, position: ProductPosition): void;
}

/** What a listener was told of the orders that changed last, `most` of them. One that is forgotten may be told again. */
export function createToldOrders(most: number): ToldOrders {
  const versions = new Map<string, number>();
  const products = new Map<string, ProductPosition>();
  return {
    isNew({ id, version }) {
      const known = versions.get(id);
      versions.delete(id);
      versions.set(id, Math.max(version, known ?? version));
      for (const oldest of versions.keys()) {
        if (versions.size <= most) break;
        versions.delete(oldest);
        products.delete(oldest);
      }
      return known === undefined || version > known;
    },
    lastProduct: (orderId) => products.get(orderId),
    noteProduct: (orderId, position) => void products.set(orderId, position),
  };
}
