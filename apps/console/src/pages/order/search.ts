/** `?product=<id>`: that product is shown large. */
export interface OrderSearch {
  product?: string;
}

export const readOrderSearch = ({ product }: Record<string, unknown>): OrderSearch =>
  typeof product === "string" ? { product } : {};
