/** Every message there is; what documents, fixtures and their tests are made from. */
import type { MessageDefinition } from "./define-message.ts";
import { deadLetter } from "./messages/dead-letter.ts";
import { drainChanged } from "./messages/drain.ts";
import { gateChanged } from "./messages/gate.ts";
import { itemBundle, itemCancelled, itemCompleted, itemFailed, itemStarted } from "./messages/items.ts";
import {
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
import { dispatchEntry, turn } from "./messages/run-queue.ts";
import { workRequested } from "./messages/work.ts";

export const allMessages: readonly MessageDefinition[] = [
  orderCreated,
  orderCancelRequested,
  orderRetryRequested,
  orderTopUpRequested,
  orderRecountRequested,
  dispatchEntry,
  turn,
  workRequested,
  itemStarted,
  itemCompleted,
  itemFailed,
  itemCancelled,
  itemBundle,
  orderUpdated,
  orderCompleted,
  orderFailed,
  orderCancelled,
  orderDeleted,
  deadLetter,
  gateChanged,
  drainChanged,
] as MessageDefinition[];
