import type { OrderRequestInput } from "@tirage/contracts";

/** The order by `@tirage/client`, followed to its end. */
export function formatTypeScript(request: OrderRequestInput, origin: string): string {
  const body = JSON.stringify(request, undefined, 2).replace(/^(\s*)"([A-Za-z_]\w*)":/gm, "$1$2:");
  return `import { createClient } from "@tirage/client";

const client = createClient({ baseUrl: ${JSON.stringify(origin)} });
const order = await client.orders.create(${body});
for await (const event of client.orders.events(order.id)) {
  if (event.type === "product") console.log(event.product.urls.content);
}
`;
}
