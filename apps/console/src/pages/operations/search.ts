/** Which dead letters are shown, as the page's address holds it. */
export interface OperationsSearch {
  code?: string;
  stream?: string;
  orderId?: string;
}

const readText = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value.slice(0, 100) : undefined;

export function readOperationsSearch(search: Record<string, unknown>): OperationsSearch {
  const code = readText(search.code);
  const stream = readText(search.stream);
  const orderId = readText(search.orderId);
  return { ...(code && { code }), ...(stream && { stream }), ...(orderId && { orderId }) };
}
