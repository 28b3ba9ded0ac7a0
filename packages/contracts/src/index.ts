/**
 * The words, as used in code, API, documents and console:
 *
 * - order: one customer request; generation: one provider call of it; batch size: outputs asked of one call;
 * - item: the record of one generation of one order; product: one output, kept for good;
 * - worker: one generator replica; lease: a worker's hold on an item; provider call: one submission, in the ledger;
 * - plan: generations × batch size; rollup: an order's status computed from its items;
 * - entry: an order's place in the run queue; turn: whose turn it is; lane: a priority's share of the run queue.
 *
 * Facts are `noun.pastVerb` (created, updated, started, completed, failed, cancelled); requests are
 * `noun.verb_requested`.
 */
export {
  defineMessage,
  type Message,
  type MessageDefinition,
  type MessageOf,
  type PayloadOf,
} from "./define-message.ts";
export { type Envelope, envelopeHeaders, headerNames, maximumBodyBytes, readEnvelope, traceIdOf } from "./envelope.ts";
export { findMessage } from "./find-message.ts";
export {
  type DeadLetterCorrection,
  type DeadLetterReplay,
  type DeadLetterView,
  deadLetterCorrection,
  deadLetterCounts,
  deadLetterPage,
  deadLetterReplay,
  deadLetterView,
} from "./http/dead-letters.ts";
export { describeFault } from "./http/describe-fault.ts";
export { type Drain, drain } from "./http/drain.ts";
export { type Gate, gate, isPausedForGood, type ProviderPause, pausedForGood, providerPause } from "./http/gate.ts";
export { isSandboxed } from "./http/is-sandboxed.ts";
export {
  type Health,
  health,
  model,
  modelList,
  type Queue,
  queue,
  queueList,
  type Replica,
  replica,
  type Worker,
  worker,
  workerList,
} from "./http/operations.ts";
export {
  type EstimatedTime,
  type GalleryProduct,
  galleryPage,
  galleryProduct,
  type Item,
  item,
  itemPage,
  type Order,
  type OrderSnapshot,
  order,
  orderBatch,
  orderPage,
  orderSnapshot,
  type Product,
  product,
  productPage,
  type Quote,
  quote,
} from "./http/order.ts";
export { type OrderLedger, orderLedger } from "./http/order-ledger.ts";
export {
  type OrderRequest,
  type OrderRequestInput,
  orderBatchRequest,
  orderLimits,
  orderRequest,
} from "./http/order-request.ts";
export { type Problem, type ProblemType, problem, problemTypes, problemTypeUri } from "./http/problem.ts";
export {
  attemptsPerRequest,
  identifier,
  itemIdOf,
  maximumAttempts,
  maximumOutputsPerCall,
  productIdOf,
  subjectToken,
} from "./identifiers.ts";
export { deadLetter } from "./messages/dead-letter.ts";
export { drainChanged } from "./messages/drain.ts";
export { gateChanged } from "./messages/gate.ts";
export {
  cancelOutcome,
  itemBundle,
  itemCancelled,
  itemCompleted,
  itemEventDefinitions,
  itemFailed,
  itemStarted,
  type Output,
  output,
} from "./messages/items.ts";
export {
  orderCancelled,
  orderCancelRequested,
  orderCompleted,
  orderCreated,
  orderDeleted,
  orderFailed,
  orderRecountRequested,
  orderRetryRequested,
  orderTopUpRequested,
  orderUpdated,
} from "./messages/orders.ts";
export { dispatchEntry, type ItemRange, turn } from "./messages/run-queue.ts";
export { workRequested } from "./messages/work.ts";
export { type OrderRow, orderRowToOrder, readProgress } from "./order-row.ts";
export { type BatchLimits, batchSizeOf, type Plan, type PlanRequest, plan, planOrder } from "./plan.ts";
export {
  type ItemStatus,
  isTerminal,
  itemStatus,
  itemStatuses,
  type OrderStatus,
  orderStatus,
  type Progress,
  progress,
  rollUp,
} from "./rollup.ts";
export { generationSeed, seed } from "./seeds.ts";
export {
  type ConsumerDefinition,
  consumersFor,
  itemEventsConsumer,
  minimumServerVersion,
  orderCancelConsumer,
  orderCreatedConsumer,
  orderRecountConsumer,
  orderRetryConsumer,
  orderTopUpConsumer,
  parallelTurns,
  type ServiceName,
  type StreamDefinition,
  streams,
  turnConsumer,
  workConsumer,
  workDueConsumer,
} from "./topology.ts";
export {
  type Failure,
  failure,
  instant,
  localTenantId,
  type Parameters,
  type Priority,
  parameters,
  priorities,
  priority,
  providerName,
  type Shortfall,
  shortfall,
  unbilledProvider,
} from "./vocabulary.ts";
