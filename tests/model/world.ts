/**
 * One order, all that is stored about it, and the workers that run it, as a value: Postgres (ledger, items, order),
 * the broker (work that waits, events that were announced), the provider (what it sold) and what each worker is about to
 * do. Every change is one effect, so that a crash fits between any two.
 */
import { itemIdOf, type OrderRow, workRequested } from "@tirage/contracts";
import type {
  CallResult,
  GenerationResult,
  Recovery,
  Work,
} from "../../services/generator/src/domain/generation-result.ts";
import type { UnknownPolicy } from "../../services/generator/src/domain/submit-rules.ts";
import type { ClaimVerdict } from "../../services/generator/src/ports.ts";
import { type LedgerModel, type LedgerRow, ledgerModel } from "../../services/generator/test/ledger-model.ts";
import type { ItemEvent } from "../../services/status-aggregator/src/domain/fold-item-events.ts";
import { type ItemModel, itemModel, type ModelItem } from "../../services/status-aggregator/test/item-model.ts";
import { orderRow } from "../../services/status-aggregator/test/order-row.ts";

/** The rules under test. A test of the tests breaks one of them. */
export interface Rules {
  readonly ledger: LedgerModel;
  readonly items: ItemModel;
  readonly policy: UnknownPolicy;
  /** Whether a provider calls back at once, rather than late or never. */
  readonly callsBackAtOnce: boolean;
  /** Whether a worker may be frozen between its look at the lease and the first byte of its request. */
  readonly zombies: boolean;
}

export const leaseMs = 30_000;

/** Longer than lease and submit timeout together, as it must be. */
export const policy: UnknownPolicy = { graceMs: 60_000, onUnknown: "fail", resubmitsMax: 1, resubmitMaxMicroUsd: 1e9 };

export const realRules: Rules = {
  ledger: ledgerModel,
  items: itemModel,
  policy,
  callsBackAtOnce: false,
  zombies: false,
};

/** What the provider sold. */
export interface ProviderRequest {
  readonly requestId: string;
  readonly key: string;
  readonly nonce: string;
  readonly state: "running" | "succeeded" | "failed" | "failed_in_passing" | "aborted" | "billed";
}

/** One delivery under its claim. */
export interface Run {
  readonly work: Work;
  readonly token: string;
  readonly leaseDeadlineMs: number;
  readonly recovery: Recovery | undefined;
  /** The cancel of the order was heard. */
  readonly isStopping: boolean;
}

type UnknownVerdict = Extract<ClaimVerdict, { kind: "unknown" }>;

/** What a worker knows before each of its steps; whatever is not here it has forgotten. */
interface Known {
  readonly take: object;
  readonly claim: { readonly work: Work };
  /** Its delivery crashed too often: it is given up instead of claimed. */
  readonly abandon: { readonly work: Work };
  readonly guard: { readonly run: Run };
  /** The client gives the submit up at `untilMs`. */
  readonly submit: { readonly run: Run; readonly untilMs: number };
  readonly reopen: { readonly run: Run };
  readonly release: { readonly run: Run };
  readonly checkpoint: { readonly run: Run; readonly requestId: string };
  readonly reconcile: { readonly run: Run; readonly unknown: UnknownVerdict };
  readonly adopt: { readonly run: Run; readonly requestId: string };
  readonly resubmit: { readonly run: Run };
  readonly wait: { readonly run: Run; readonly requestId: string };
  readonly finish: { readonly run: Run; readonly requestId: string | undefined; readonly result: CallResult };
  readonly announce: { readonly work: Work; readonly result: CallResult };
  readonly acknowledge: { readonly work: Work };
}

/** A worker, by the step that it takes next. */
export type Worker<Next extends keyof Known = keyof Known> = {
  [Step in Next]: { readonly next: Step } & Known[Step];
}[Next];

export interface Retry {
  readonly attempt: number;
  readonly indexes: readonly number[];
}

export interface World {
  readonly rules: Rules;
  readonly nowMs: number;
  /** The ledger, by `<index>:<attempt>`. */
  readonly rows: Readonly<Record<string, LedgerRow>>;
  readonly items: readonly ModelItem[];
  readonly order: OrderRow;
  readonly retries: readonly Retry[];
  readonly cancelledThrough: number;
  /** What the handler of a cancel is about to end, and to announce once it has. */
  readonly toStop: readonly { readonly index: number; readonly attempt: number; readonly ended?: GenerationResult }[];
  /** Work that is not acknowledged: any of it may be delivered to anyone, at any time, again and again. */
  readonly queue: readonly Work[];
  /** Events that may arrive at the aggregator, in any order, again and again. */
  readonly announced: readonly ItemEvent[];
  readonly workers: readonly Worker[];
  readonly requests: readonly ProviderRequest[];
  /** Request ids by nonce. */
  readonly callbacks: Readonly<Record<string, string>>;
  /** Submits that may have been accepted, by nonce. */
  readonly submits: Readonly<Record<string, number>>;
  readonly tokens: number;
}

export const keyOf = ({ index, attempt }: { index: number; attempt: number }) => `${index}:${attempt}`;

const orderId = "01920000-0000-7000-8000-000000000000";
export const batchSize = 2;

export function workOf(index: number, attempt: number, firstAttempt?: number): Work {
  return workRequested.create({
    ...{ itemId: itemIdOf(orderId, index), orderId, tenantId: "local", index, attempt, epoch: 0, batchSize },
    ...(firstAttempt === undefined ? {} : { firstAttempt }),
    ...{ provider: "fal", model: "fal-ai/flux/schnell", prompt: "a lighthouse", parameters: {}, seed: index },
  }).payload;
}

/** An order whose items are queued. */
export function createWorld(rules: Rules, { items, workers }: { items: number; workers: number }): World {
  const indexes = Array.from({ length: items }, (_, index) => index);
  const products = items * batchSize;
  return {
    rules,
    nowMs: 0,
    rows: {},
    items: indexes.map(() => ({ status: "pending", attempt: 1, produced: 0 })),
    order: orderRow({
      ...{ id: orderId, generations: items, batchSize, lastBatchSize: batchSize },
      ...{ productsRequested: products, itemsTotal: items, itemsPending: items },
    }),
    retries: [],
    cancelledThrough: 0,
    toStop: [],
    queue: indexes.map((index) => workOf(index, 1)),
    announced: [],
    workers: Array.from({ length: workers }, () => ({ next: "take" })),
    requests: [],
    callbacks: {},
    submits: {},
    tokens: 0,
  };
}

/** One thing that may happen next. */
export interface Action {
  readonly name: string;
  readonly run: () => World;
}

export const isSame = (one: unknown, other: unknown) => one === other || JSON.stringify(one) === JSON.stringify(other);
