import type { OrderRequestInput } from "@tirage/contracts";
import { quoteForShell } from "./quote-for-shell.ts";

/** The order as a call of `curl`. */
export function formatCurl(request: OrderRequestInput, origin: string): string {
  return [
    `curl -X POST ${quoteForShell(`${origin}/v1/orders`)}`,
    "  -H 'content-type: application/json'",
    `  -d ${quoteForShell(JSON.stringify(request, undefined, 2))}`,
  ].join(" \\\n");
}
