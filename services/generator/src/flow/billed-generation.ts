/**
 * One generation of a provider that charges, in this order always: what is slow and free -> claim -> submit ->
 * checkpoint -> announce `item.started` -> wait -> fetch and store -> finish. The ledger says where a repeated
 * delivery goes on; the submit right is used at most once.
 */
import { itemStarted } from "@tirage/contracts";
import { HandBackError, type Logger, RetryLaterError } from "@tirage/messaging";
import { failpoint } from "@tirage/service-kit/failpoint";
import { completedResult, type GenerationResult, type Work } from "../domain/generation-result.ts";
import { keepAskedOutputs } from "../domain/keep-asked-outputs.ts";
import { heldDelayMs } from "../domain/schedules.ts";
import { outcomeUnknown, outputUnavailable, type UnknownPolicy } from "../domain/submit-rules.ts";
import type { Claim, ClaimVerdict, RemoteOutput, SubmitRequest } from "../ports.ts";
import { awaitRequest } from "./await-request.ts";
import type { BilledGenerationOptions, BilledRun } from "./billed-run.ts";
import type { Generate } from "./generation.ts";
import { holdLease } from "./hold-lease.ts";
import { reconcileUnknown } from "./reconcile-unknown.ts";
import { announced, endFailed, endStopped, fail, record } from "./record-end.ts";
import { retryStep } from "./retry-step.ts";
import { storeOutputs } from "./store-outputs.ts";
import { submitOnce } from "./submit-once.ts";

/** A request that the ledger knows. */
interface KnownRequest {
  readonly requestId: string;
  readonly submitAgeMs: number;
  /** 0 when another delivery submitted it. */
  readonly submitMs: number;
}

type UnknownVerdict = Extract<ClaimVerdict, { kind: "unknown" }>;

export function createBilledGeneration(options: BilledGenerationOptions): Generate {
  const { ledger, provider } = options;
  return async (work, circumstances) => {
    const key = { itemId: work.itemId, attempt: work.attempt };
    const logger = circumstances.logger.child({ provider: provider.name });
    if (circumstances.signal.aborted) throw new HandBackError("stopping before the claim");
    // Watched from before the claim, which reads them: a cancel is either heard from now on, or in the database already.
    using stopping = options.stopRequests.watch(work);
    await failpoint("before_claim");
    const claim = await ledger.claim(key, provider.name);
    if (claim.isCancelled) stopping.stop("customer");
    await failpoint("after_claim");
    const { verdict } = claim;
    if (verdict.kind === "finished") return announced(work, verdict.result);
    if (verdict.kind === "held") {
      throw new RetryLaterError("lease_held", "another worker has this generation", {
        delayMs: heldDelayMs(verdict.leaseLeftMs, Math.random()),
      });
    }
    // Every return below awaits: the lease is let go of as soon as this function is left.
    const onCancelled = () => stopping.stop("customer");
    await using lease = holdLease({ ledger, key, claim, stopping: circumstances.signal, onCancelled, logger });
    const begun: BilledRun = { options, work, key, lease, stopping, circumstances: { ...circumstances, logger } };
    if (verdict.kind === "unknown") return await runUnknown(begun, claim, verdict);
    const run: BilledRun = { ...begun, recovery: verdict.recovery };
    if (verdict.kind === "resume") return await runRequest(run, { ...verdict, submitMs: 0 });
    return await runSubmit(run, claim, verdict.nonce);
  };
}

async function runSubmit(run: BilledRun, claim: Claim, nonce: string): Promise<GenerationResult> {
  const { options, work, key, lease, stopping, circumstances } = run;
  if (stopping.reason) {
    // To be submitted again means submitted before: nobody can say that it was not started.
    if (run.recovery) return fail(run, outcomeUnknown(work.provider));
    return endStopped(run, { reason: stopping.reason, outcome: "not_started" });
  }
  const submission = { ...options, key, claim, lease, logger: circumstances.logger };
  const submitted = await submitOnce(submission, submitRequestOf(work, nonce));
  if (submitted.kind === "refused") return fail(run, submitted.failure);
  return runRequest(run, { ...submitted, submitAgeMs: 0 });
}

function submitRequestOf(work: Work, nonce: string): SubmitRequest {
  const { model, modelVersion, prompt, parameters, batchSize, seed } = work;
  return { model, modelVersion, prompt, parameters, batchSize, seed, nonce };
}

/** A submit was begun and its answer never recorded: decides what came of it, and goes on from there. */
async function runUnknown(run: BilledRun, claim: Claim, unknown: UnknownVerdict): Promise<GenerationResult> {
  const { options, work, key, lease, stopping, circumstances } = run;
  // What is to be stopped is not submitted once more; that it may have been charged is what its end then says.
  const neverAgain: UnknownPolicy = { ...options.unknownPolicy, onUnknown: "fail" };
  const { nonce, submitAgeMs } = unknown;
  const reconciled = await reconcileUnknown({
    ...{ ...options, key, claim, unknown, policy: stopping.reason ? neverAgain : options.unknownPolicy },
    ...{ request: submitRequestOf(work, nonce), signal: lease.signal, logger: circumstances.logger },
  });
  if (reconciled.kind === "failed") return fail(run, reconciled.failure);
  const recovered: BilledRun = { ...run, recovery: reconciled.recovery };
  if (reconciled.kind === "resubmit") return runSubmit(recovered, reconciled.claim, nonce);
  return runRequest(recovered, { requestId: reconciled.requestId, submitAgeMs, submitMs: 0 });
}

/** From the accepted request to the recorded result. */
async function runRequest(run: BilledRun, known: KnownRequest): Promise<GenerationResult> {
  const { options, work, lease, circumstances } = run;
  const { provider, workerId, observations } = options;
  const { requestId, submitAgeMs, submitMs } = known;
  const { itemId, orderId, index, attempt } = work;
  const logger = circumstances.logger.child({ requestId });
  const startedAt = new Date(Date.now() - submitAgeMs);
  circumstances.announce(
    itemStarted.create({
      ...{ itemId, orderId, index, attempt, workerId },
      providerRequestId: requestId,
      startedAt: startedAt.toISOString(),
    }),
  );
  const waitBegun = performance.now();
  const ended = await awaitRequest({
    ...{ provider, request: work, requestId, submitAgeMs, logger },
    timeoutMs: options.generationTimeoutMs,
    signal: lease.signal,
    stopping: run.stopping,
  });
  const waitMs = performance.now() - waitBegun;
  observations.step(provider.name, "wait", waitMs);
  if (ended.kind === "failed") return endFailed(run, ended, requestId);

  const { outputs, reasons, storeMs } = await fetchAndStore(run, ended.outputs, { requestId, logger });
  const chargedOutputs = ended.charged ?? ended.outputs.length;
  const charged = chargedOutputs === outputs.length ? undefined : chargedOutputs;
  if (outputs.length === 0) return fail(run, outputUnavailable(provider.name, reasons), { requestId, charged });
  const costMicroUsd = provider.estimateCostMicroUsd(work.model, outputs);
  const made = { outputs, timings: { submitMs, waitMs, storeMs }, costMicroUsd, startedAt };
  const ending = { workerId, requestId, recovery: run.recovery, charged, finishedAt: new Date() };
  return record(run, completedResult(work, made, ending), requestId);
}

/** How long the provider is asked for fresh addresses of outputs that are gone. */
const readAgainPatienceMs = 30_000;

/** Stores what was asked for and can be had; without paying for anything. */
async function fetchAndStore(
  run: BilledRun,
  remotes: readonly RemoteOutput[],
  { requestId, logger }: { readonly requestId: string; readonly logger: Logger },
) {
  const { options, work, lease } = run;
  const { provider, observations } = options;
  const begun = performance.now();
  const asked = keepAskedOutputs(remotes, work.batchSize);
  const surplus = remotes.length - asked.length;
  if (surplus > 0) {
    observations.surplusOutputs(provider.name, surplus);
    logger.warn({ surplus, batchSize: work.batchSize }, "the provider made more outputs than asked; they are left out");
  }
  const readState = () => provider.check(requestId, work, lease.signal);
  const patience = { step: "read again", logger, signal: lease.signal, giveUpAfterMs: readAgainPatienceMs };
  let again: Promise<readonly RemoteOutput[]> | undefined;
  const stored = await storeOutputs(asked, {
    ...{ work, fetchOutput: options.fetchOutput, blobs: options.blobs, limit: options.storeLimit, logger },
    allowedOrigins: provider.outputOrigins,
    signal: lease.signal,
    readAgain() {
      again ??= retryStep(readState, patience).then((state) =>
        state.kind === "succeeded" ? keepAskedOutputs(state.outputs, work.batchSize) : [],
      );
      return again;
    },
  });
  await failpoint("after_store");
  if (stored.reasons.length > 0) logger.warn({ reasons: stored.reasons }, "outputs cannot be had and are left out");
  const storeMs = performance.now() - begun;
  observations.step(provider.name, "store", storeMs);
  return { ...stored, storeMs };
}
