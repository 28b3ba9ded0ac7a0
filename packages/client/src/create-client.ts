import { type FollowAllOptions, type FollowOptions, followEvents, followOrders } from "./follow-events.ts";
import { iteratePages, type Page } from "./pages.ts";
import { type ApiRequest, type CallOptions, createTransport, readJson, type TransportOptions } from "./transport.ts";
import type {
  DeadLetter,
  DeadLetterCorrection,
  DeadLetterCounts,
  DeadLetterFilter,
  DeadLetterReplay,
  DeadLetterSelection,
  GalleryProduct,
  Health,
  Item,
  Model,
  Order,
  OrderFilter,
  OrderLedger,
  OrderRequest,
  Product,
  ProductFilter,
  ProviderPause,
  Queue,
  Quote,
  Readiness,
  Worker,
} from "./types.ts";

/** A call that creates something. */
export interface CreateOptions extends CallOptions {
  /** Names the request, so that sending it again creates nothing again; a random one for each call when not given. */
  readonly idempotencyKey?: string | undefined;
}

export interface CreateOrderOptions extends CreateOptions {
  /** The longest that the order may take from being placed, such as `90s`, `5m` or `1h30m`; instead of `expiresAt`. */
  readonly cancelAfter?: string | undefined;
}

export interface ReplayOptions extends CallOptions {
  /** In place of the body: the whole payload, as the message's schema wants it. */
  readonly payload?: DeadLetterCorrection["payload"] | undefined;
}

interface Cursor {
  readonly cursor?: string | undefined;
}

/** For the whole wait. */
export interface WaitOptions {
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export type Client = ReturnType<typeof createClient>;

const downloadTimeoutMs = 120_000;
const archiveTimeoutMs = 3_600_000;
const waitTimeoutMs = 600_000;

/** The client of one API. It holds nothing that must be closed. */
export function createClient(clientOptions: TransportOptions) {
  const transport = createTransport(clientOptions);
  const call = <Answer>(request: ApiRequest, options?: CallOptions) =>
    transport.send<Answer>(request, (response) => readJson<Answer>(response), options);
  const get = <Answer>(path: string, options?: CallOptions, query?: ApiRequest["query"]) =>
    call<Answer>({ method: "GET", path, query }, options);
  const create = <Answer>(
    path: string,
    body: unknown,
    { idempotencyKey, cancelAfter, ...options }: CreateOrderOptions = {},
  ) => {
    const headers = {
      "idempotency-key": idempotencyKey ?? crypto.randomUUID(),
      ...(cancelAfter !== undefined && { "cancel-after": cancelAfter }),
    };
    return call<Answer>({ method: "POST", path, body, headers }, options);
  };
  const remove = (path: string, options?: CallOptions) =>
    transport.send({ method: "DELETE", path }, discardBody, options);
  const list = <Entry>(path: string, options?: CallOptions, query: ApiRequest["query"] = {}) =>
    iteratePages((cursor) => get<Page<Entry>>(path, options, { ...query, cursor }));
  const entries = async <Entry>(path: string, options?: CallOptions): Promise<Entry[]> =>
    (await get<{ data: Entry[] }>(path, options)).data;

  return {
    orders: {
      ...createOrders({
        get,
        call,
        create,
        list,
        remove,
        follow: (id, options) => followEvents(transport, id, options),
      }),
      /**
       * All products of the order so far and their `manifest.json`, as the bytes of a ZIP: a stream, since orders are
       * large, that must be read to its end or cancelled. One that breaks off rejects a read, and is not resumed.
       */
      download: (id: string, { timeoutMs = archiveTimeoutMs, ...options }: CallOptions = {}) =>
        transport.send<ReadableStream<Uint8Array>>(
          { method: "GET", path: `${pathOf("orders", id)}/archive` },
          async ({ body }) => body ?? new ReadableStream({ start: (controller) => controller.close() }),
          { ...options, timeoutMs },
        ),
    },
    /**
     * Every order as it changes, the newest hundred first, each product that comes, and each order that is deleted, until
     * the signal ends it.
     */
    events: (options: FollowAllOptions = {}) => followOrders(transport, options),
    quotes: {
      /** What an order would make and cost; nothing is ordered. */
      create: (request: OrderRequest, options?: CallOptions) =>
        call<Quote>({ method: "POST", path: "/v1/quotes", body: request }, options),
    },
    products: {
      get: (id: string, options?: CallOptions) => get<GalleryProduct>(pathOf("products", id), options),
      /** The products of all orders that the filter lets through, newest first, page after page. */
      list: (filter: ProductFilter = {}, options?: CallOptions) =>
        list<GalleryProduct>("/v1/products", options, { ...filter }),
      /** One page of that list, from the cursor that the page before gave. */
      page: (filter: ProductFilter & Cursor = {}, options?: CallOptions) =>
        get<Page<GalleryProduct>>("/v1/products", options, { ...filter }),
      /** The product's bytes, all of them. */
      download: (id: string, { timeoutMs = downloadTimeoutMs, ...options }: CallOptions = {}) =>
        transport.send<Uint8Array>(
          { method: "GET", path: `${pathOf("products", id)}/content` },
          async (response) => new Uint8Array(await response.arrayBuffer()),
          { ...options, timeoutMs },
        ),
    },
    models: { list: (options?: CallOptions) => entries<Model>("/v1/models", options) },
    /** Every service with its replicas, and what they depend on. */
    health: (options?: CallOptions) => get<Health>("/v1/health", options),
    workers: {
      list: (options?: CallOptions) => entries<Worker>("/v1/workers", options),
      /** Has a worker take no new work until it is resumed; what it runs ends there, as `drain` of `list` tells. */
      drain: (id: string, options?: CallOptions) =>
        call<Worker>({ method: "POST", path: `${pathOf("workers", id)}/drain` }, options),
      /** Has a drained worker take work again. */
      resume: (id: string, options?: CallOptions) =>
        call<Worker>({ method: "POST", path: `${pathOf("workers", id)}/resume` }, options),
    },
    queues: {
      list: (options?: CallOptions) => entries<Queue>("/v1/queues", options),
      /** Gives a provider no more calls until it is resumed; nothing fails for it. */
      pause: (provider: string, options?: CallOptions) =>
        call<ProviderPause>({ method: "POST", path: `${pathOf("queues", provider)}/pause` }, options),
      /** Gives a provider calls again, whatever it was paused for. */
      resume: (provider: string, options?: CallOptions) =>
        call<ProviderPause>({ method: "POST", path: `${pathOf("queues", provider)}/resume` }, options),
    },
    deadLetters: {
      /** Every dead letter that the filter lets through, newest first, page after page. */
      list: (filter: DeadLetterFilter = {}, options?: CallOptions) =>
        list<DeadLetter>("/v1/dead-letters", options, { ...filter }),
      /** One page of that list, from the cursor that the page before gave. */
      page: (filter: DeadLetterFilter & Cursor = {}, options?: CallOptions) =>
        get<Page<DeadLetter>>("/v1/dead-letters", options, { ...filter }),
      get: (id: string, options?: CallOptions) => get<DeadLetter>(pathOf("dead-letters", id), options),
      /** Puts the message back to where it could not be handled, with another payload when one is given. */
      replay: (id: string, { payload, ...options }: ReplayOptions = {}) => {
        const body = payload && { payload };
        return call<DeadLetterReplay>({ method: "POST", path: `${pathOf("dead-letters", id)}/replay`, body }, options);
      },
      /** Drops the message for good. */
      discard: (id: string, options?: CallOptions) => remove(pathOf("dead-letters", id), options),
      /** Replays up to 1,000 that the filter lets through, the oldest of them first. Asked once, or it may be more. */
      replayMatching: (filter: DeadLetterSelection, options?: CallOptions) =>
        call<DeadLetterCounts>(
          { method: "POST", path: "/v1/dead-letters/replay", query: { ...filter }, isOnce: true },
          options,
        ),
      /** Drops up to 1,000 that the filter lets through. Asked once, or it may be more. */
      discardMatching: (filter: DeadLetterSelection, options?: CallOptions) =>
        call<DeadLetterCounts>(
          { method: "DELETE", path: "/v1/dead-letters", query: { ...filter }, isOnce: true },
          options,
        ),
    },
    service: {
      /** What is away without keeping orders from being accepted. @throws TirageProblem 503 with what keeps them. */
      ready: (options?: CallOptions) => get<Readiness>("/readyz", options),
      version: async (options?: CallOptions) =>
        (await get<{ info: { version: string } }>("/openapi.json", options)).info.version,
    },
  };
}

interface Calls {
  remove(path: string, options?: CallOptions): Promise<void>;
  get<Answer>(path: string, options?: CallOptions, query?: ApiRequest["query"]): Promise<Answer>;
  call<Answer>(request: ApiRequest, options?: CallOptions): Promise<Answer>;
  create<Answer>(path: string, body: unknown, options?: CreateOrderOptions): Promise<Answer>;
  list<Entry>(path: string, options?: CallOptions, query?: ApiRequest["query"]): AsyncGenerator<Entry, void, undefined>;
  follow(id: string, options: FollowOptions): ReturnType<typeof followEvents>;
}

function createOrders({ get, call, create, list, follow, remove }: Calls) {
  return {
    create: (request: OrderRequest, options?: CreateOrderOptions) => create<Order>("/v1/orders", request, options),
    /** Up to 100 orders: all of them or none. */
    createBatch: async (orders: readonly OrderRequest[], options?: CreateOptions) =>
      (await create<{ data: Order[] }>("/v1/orders/batch", { orders }, options)).data,
    get: (id: string, options?: CallOptions) => get<Order>(pathOf("orders", id), options),
    /** Every order that the filter lets through, newest first, page after page; `limit` is the size of a page. */
    list: (filter: OrderFilter = {}, options?: CallOptions) => list<Order>("/v1/orders", options, { ...filter }),
    /** One page of that list, from the cursor that the page before gave. */
    page: (filter: OrderFilter & Cursor = {}, options?: CallOptions) =>
      get<Page<Order>>("/v1/orders", options, { ...filter }),
    items: (id: string, options?: CallOptions) => list<Item>(`${pathOf("orders", id)}/items`, options),
    products: (id: string, options?: CallOptions) => list<Product>(`${pathOf("orders", id)}/products`, options),
    /** What its provider calls came to: outputs paid and delivered, calls that may be paid twice. */
    ledger: (id: string, options?: CallOptions) => get<OrderLedger>(`${pathOf("orders", id)}/ledger`, options),
    /** Stops what can be stopped. @throws TirageProblem 409 when the order had ended, also by a lost answer's attempt. */
    cancel: (id: string, options?: CallOptions) =>
      call<Order>({ method: "POST", path: `${pathOf("orders", id)}/cancel` }, options),
    /**
     * Runs what failed or was cancelled again. Asked once: a lost answer may mean that it runs, or has failed again.
     * @throws TirageProblem 409 when there is nothing to run again.
     */
    retry: (id: string, options?: CallOptions) =>
      call<Order>({ method: "POST", path: `${pathOf("orders", id)}/retry`, isOnce: true }, options),
    /**
     * Removes the order and its images for good; again, it is still gone.
     * @throws TirageProblem 409 when it has not ended.
     */
    delete: (id: string, options?: CallOptions) => remove(pathOf("orders", id), options),
    /** The order's full state first, then every change and each product once, until its end or its deletion. */
    events: (id: string, options: FollowOptions = {}) => follow(id, options),
    /**
     * The order once it has ended.
     * @throws a TirageProblem 404 when it is deleted, a `TimeoutError` when it does not within `timeoutMs` (10 minutes), or
     * the signal's reason.
     */
    async wait(id: string, { timeoutMs = waitTimeoutMs, signal }: WaitOptions = {}): Promise<Order> {
      const timeout = AbortSignal.timeout(timeoutMs);
      const ending = signal ? AbortSignal.any([signal, timeout]) : timeout;
      for await (const event of follow(id, { signal: ending })) {
        if (event.type === "end") return event.order;
        if (event.type === "deleted") return get<Order>(pathOf("orders", id), { signal: ending });
      }
      throw new Error(`the events of order ${id} stopped before its end`);
    },
  };
}

const pathOf = (collection: string, id: string): string => `/v1/${collection}/${encodeURIComponent(id)}`;

const discardBody = async (response: Response): Promise<void> => void (await response.arrayBuffer());
