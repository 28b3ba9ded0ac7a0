/** `?from=<order id>`: the form begins as that order was. */
export interface NewOrderSearch {
  from?: string;
}

export const readNewOrderSearch = ({ from }: Record<string, unknown>): NewOrderSearch =>
  typeof from === "string" ? { from } : {};
