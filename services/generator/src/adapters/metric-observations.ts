import { meter } from "@tirage/service-kit";
import type { Observations } from "../ports.ts";

/** Bounds in seconds: from a local no-op to the slowest models. */
const stepSeconds = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900];

/** The generator's metrics. `running` answers the generations running now. */
export function createMetricObservations(running: () => number): Observations {
  const durations = meter.createHistogram("tirage_generation_step_seconds", {
    description: "Time of each step of billed generations.",
    unit: "s",
    advice: { explicitBucketBoundaries: stepSeconds },
  });
  const generations = meter.createCounter("tirage_generations", {
    description: "Generations that ended: completed, partial, or the code of the failure.",
  });
  const unknownSubmits = meter.createCounter("tirage_submit_unknown", {
    description: "Submits without a readable answer; each may have been charged.",
  });
  const unknownDecisions = meter.createCounter("tirage_submit_unknown_decided", {
    description: "Unknown submits that were decided: by callback, listing, another submit, or given up as failed.",
  });
  const surplusRequests = meter.createCounter("tirage_surplus_requests", {
    description: "Requests that a provider accepted and the ledger does not follow; each may have been charged.",
  });
  const surplusOutputs = meter.createCounter("tirage_surplus_outputs", {
    description: "Outputs beyond those asked for, which are left out; each may have been charged.",
  });
  const newAttempts = meter.createCounter("tirage_new_attempts", {
    description: "Generations that their provider failed and that are tried again by themselves.",
  });
  const closedGates = meter.createCounter("tirage_provider_gate_closed", {
    description: "How often a provider was given no submits for a while: throttled, out, or stopped for its account.",
  });
  meter
    .createObservableGauge("tirage_generations_running", { description: "Generations running in this worker." })
    .addCallback((result) => result.observe(running()));
  return {
    step: (provider, step, durationMs) => durations.record(durationMs / 1_000, { provider, step }),
    ended: (provider, outcome) => generations.add(1, { provider, outcome }),
    newAttempt: (provider) => newAttempts.add(1, { provider }),
    gateClosed: (provider, reason) => closedGates.add(1, { provider, reason }),
    submitUnknown: (provider) => unknownSubmits.add(1, { provider }),
    submitUnknownDecided: (provider, by) => unknownDecisions.add(1, { provider, by }),
    surplusOutputs: (provider, count) => surplusOutputs.add(count, { provider }),
    surplusRequest: (provider) => surplusRequests.add(1, { provider }),
  };
}
