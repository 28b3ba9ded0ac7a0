/**
 * The ids of events: where a stream goes on that broke, at any replica. Opaque to customers; one that cannot be read is
 * as good as none, since a stream may always begin with everything.
 */

/** What was told of an order: its version, and its products up to this one, by the version they came with and by index. */
export interface OrderFeedPosition {
  readonly version: number;
  readonly product: { readonly version: number; readonly index: number };
}

/** Nothing was told. */
export const beforeOrder: OrderFeedPosition = { version: -1, product: { version: -1, index: -1 } };

const orderIdPattern = /^(\d{1,9})\.(-1|\d{1,9})\.(-1|\d{1,9})$/;

export const orderEventId = {
  write: ({ version, product }: OrderFeedPosition): string => `${version}.${product.version}.${product.index}`,
  read(id: string | undefined): OrderFeedPosition | undefined {
    const [, version, productVersion, index] = orderIdPattern.exec(id ?? "") ?? [];
    if (version === undefined) return undefined;
    return { version: Number(version), product: { version: Number(productVersion), index: Number(index) } };
  },
};

/** Of all orders: every change before this moment, in milliseconds since 1970, was told. 0 while the first are told. */
export const tenantEventId = {
  write: (toldUntil: number): string => String(toldUntil),
  read: (id: string | undefined): number | undefined => (/^[1-9]\d{0,15}$/.test(id ?? "") ? Number(id) : undefined),
};
