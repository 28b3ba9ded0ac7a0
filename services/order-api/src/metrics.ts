import { meter } from "@tirage/service-kit";

/** What the service counts and times. */
export interface Metrics {
  orderAccepted(order: { readonly provider: string; readonly generations: number }): void;
  published(count: number): void;
  callbackReceived(callback: {
    readonly provider: string;
    readonly outcome: "recorded" | "forged" | "unreadable";
  }): void;
  requestAnswered(request: {
    readonly method: string;
    /** The route's pattern: paths hold ids and would be without number. */
    readonly route: string;
    readonly status: number;
    readonly durationMs: number;
  }): void;
  /** Asks for the number of unpublished outbox rows whenever metrics are read. */
  observeUnpublished(count: () => Promise<number>): void;
}

export function createMetrics(): Metrics {
  const orders = meter.createCounter("tirage.orders.accepted", { description: "Orders accepted." });
  const generations = meter.createCounter("tirage.generations.accepted", {
    description: "Generations of accepted orders.",
  });
  const callbacks = meter.createCounter("tirage.callbacks.received", {
    description: "Callbacks of providers: recorded, forged or unreadable.",
  });
  const published = meter.createCounter("tirage.outbox.published", { description: "Outbox messages confirmed." });
  const unpublished = meter.createObservableGauge("tirage.outbox.unpublished", {
    description: "Outbox messages that wait.",
  });
  const duration = meter.createHistogram("tirage.http.request.duration.seconds", {
    description: "From the request's arrival to its answer.",
    unit: "s",
    advice: { explicitBucketBoundaries: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60] },
  });
  return {
    orderAccepted(order) {
      orders.add(1, { provider: order.provider });
      generations.add(order.generations, { provider: order.provider });
    },
    callbackReceived: ({ provider, outcome }) => callbacks.add(1, { provider, outcome }),
    published: (count) => published.add(count),
    requestAnswered: ({ method, route, status, durationMs }) =>
      duration.record(durationMs / 1_000, { method, route, status }),
    observeUnpublished(count) {
      unpublished.addCallback(async (observation) => {
        // Without a database there is no number, and a scrape must not fail for it.
        const waiting = await count().catch(() => undefined);
        if (waiting !== undefined) observation.observe(waiting);
      });
    },
  };
}
