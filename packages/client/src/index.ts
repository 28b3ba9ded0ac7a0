/** The typed client of Tirage's HTTP API, for Node 20 and later and for browsers. */
export {
  type Client,
  type CreateOptions,
  type CreateOrderOptions,
  createClient,
  type ReplayOptions,
  type WaitOptions,
} from "./create-client.ts";
export { isSinceRetry, readBeginning, readElapsedMs } from "./elapsed-time.ts";
export type { FollowAllOptions, FollowOptions } from "./follow-events.ts";
export type { Page } from "./pages.ts";
export { type ProblemFault, TirageConnectionError, TirageProblem } from "./problem.ts";
export type { CallOptions, TransportOptions } from "./transport.ts";
export type {
  DeadLetter,
  DeadLetterCorrection,
  DeadLetterCounts,
  DeadLetterFilter,
  DeadLetterReplay,
  DeadLetterSelection,
  GalleryProduct,
  Gate,
  Health,
  Item,
  Model,
  Order,
  OrderDeletedEvent,
  OrderEvent,
  OrderFilter,
  OrderLedger,
  OrderRequest,
  OrdersEvent,
  Product,
  ProductFilter,
  ProviderPause,
  Queue,
  Quote,
  Readiness,
  Worker,
} from "./types.ts";
