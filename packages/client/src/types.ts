/** What the API takes and answers, under the names of the contracts. Nothing is described here: see `generated/api.ts`. */
import type { components, paths } from "./generated/api.ts";

type Schemas = components["schemas"];
type QueryOf<Path extends keyof paths> = paths[Path] extends { get: { parameters: { query?: infer Query } } }
  ? NonNullable<Query>
  : never;

export type Order = Schemas["Order"];
export type OrderRequest = paths["/v1/orders"]["post"]["requestBody"]["content"]["application/json"];
export type OrderFilter = Omit<QueryOf<"/v1/orders">, "cursor">;
export type OrderLedger = Schemas["OrderLedger"];
export type Item = Schemas["Item"];
export type Product = Schemas["Product"];
/** A product among those of other orders. */
export type GalleryProduct = Schemas["GalleryProduct"];
export type ProductFilter = Omit<QueryOf<"/v1/products">, "cursor">;
export type Health = Schemas["Health"];
export type Quote = Schemas["Quote"];
export type Model = Schemas["Model"];
export type Worker = Schemas["Worker"];
export type Queue = Schemas["Queue"];
export type Gate = Schemas["Gate"];
export type ProviderPause = Schemas["ProviderPause"];

export type DeadLetter = Schemas["DeadLetter"];
export type DeadLetterFilter = Omit<QueryOf<"/v1/dead-letters">, "cursor">;
/** Which of them, where a whole set is meant. */
export type DeadLetterSelection = Omit<DeadLetterFilter, "limit">;
export type DeadLetterCorrection = Schemas["DeadLetterCorrection"];
export type DeadLetterReplay = Schemas["DeadLetterReplay"];
export type DeadLetterCounts = Schemas["DeadLetterCounts"];

export type Readiness = paths["/readyz"]["get"]["responses"][200]["content"]["application/json"];

/** What an order's stream tells. */
export type OrderEvent =
  | { readonly type: "order"; readonly order: Order }
  | { readonly type: "product"; readonly product: Product }
  | { readonly type: "end"; readonly order: Order }
  | OrderDeletedEvent;

/** The order is gone for good, with its images. */
export interface OrderDeletedEvent {
  readonly type: "deleted";
  readonly deletion: { readonly id: string; readonly deletedAt: string };
}

/** What the stream of all orders tells. */
export type OrdersEvent = Exclude<OrderEvent, { readonly type: "end" }>;
