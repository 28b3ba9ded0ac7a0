/**
 * Applies streams and consumers, corrects drift, and applies them again when something is found missing: the broker's
 * data may vanish at any moment and must come back by itself.
 */
import { JetStreamApiError, type JetStreamManager } from "@nats-io/jetstream";
import { type ConsumerDefinition, type StreamDefinition, streams } from "@tirage/contracts";
import { isPublishError, publishFailureCodes } from "./errors.ts";
import type { Logger } from "./logger.ts";
import { consumerConfiguration, driftOf, streamConfiguration } from "./stream-configuration.ts";

const notFoundNumbers = new Set([10014, 10059]);
const recheckEveryMs = 60_000;
const retryEveryMs = 1_000;

export interface TopologyKeeper extends Disposable {
  /** Applies all streams and these consumers now, and keeps them from now on. Idempotent. */
  apply(consumers: readonly ConsumerDefinition[]): Promise<void>;
  /** Something looked missing: check and restore in the background, at most once a second. */
  restore(reason: string): void;
  /** Restores when the error says that no stream answers. */
  suspect(error: unknown): void;
}

async function orMissing<Info>(info: Promise<Info>): Promise<Info | undefined> {
  try {
    return await info;
  } catch (error) {
    if (error instanceof JetStreamApiError && notFoundNumbers.has(error.code)) return undefined;
    throw error;
  }
}

async function applyStream(manager: JetStreamManager, definition: StreamDefinition, logger: Logger): Promise<void> {
  const wanted = streamConfiguration(definition);
  const info = await orMissing(manager.streams.info(definition.name));
  if (!info) {
    await manager.streams.add(wanted);
    logger.info({ stream: definition.name }, "stream was created");
    return;
  }
  const drift = driftOf(wanted, info.config);
  if (drift.length === 0) return;
  await manager.streams.update(definition.name, { ...info.config, ...wanted });
  logger.warn({ stream: definition.name, drift }, "stream had drifted and was corrected");
}

async function applyConsumer(manager: JetStreamManager, definition: ConsumerDefinition, logger: Logger): Promise<void> {
  const { durable } = definition;
  const stream = definition.stream.name;
  const wanted = consumerConfiguration(definition);
  const info = await orMissing(manager.consumers.info(stream, durable));
  if (!info) {
    await manager.consumers.add(stream, wanted);
    logger.info({ stream, durable }, "consumer was created");
    return;
  }
  const drift = driftOf(wanted, info.config);
  if (drift.length === 0) return;
  await manager.consumers.update(stream, durable, { ...info.config, ...wanted });
  logger.warn({ stream, durable, drift }, "consumer had drifted and was corrected");
}

export function createTopologyKeeper({
  manager,
  logger,
}: {
  manager: JetStreamManager;
  logger: Logger;
}): TopologyKeeper {
  const kept = new Map<string, ConsumerDefinition>();
  let isApplied = false;
  let isRestoring = false;
  let isClosed = false;
  let lastRestoredAt = Number.NEGATIVE_INFINITY;

  const applyAll = async () => {
    for (const stream of Object.values(streams)) await applyStream(manager, stream, logger);
    for (const consumer of kept.values()) await applyConsumer(manager, consumer, logger);
  };
  const restoreOnce = async (reason: string) => {
    while (!isClosed) {
      try {
        await applyAll();
        lastRestoredAt = performance.now();
        return;
      } catch (error) {
        logger.warn({ reason, error: String(error) }, "topology cannot be checked yet");
        await new Promise((resolve) => setTimeout(resolve, retryEveryMs).unref());
      }
    }
  };
  const restore = (reason: string) => {
    if (!isApplied || isClosed || performance.now() - lastRestoredAt < retryEveryMs) return;
    if (isRestoring) return;
    isRestoring = true;
    void restoreOnce(reason).finally(() => {
      isRestoring = false;
    });
  };
  const recheck = setInterval(() => restore("regular check"), recheckEveryMs);
  recheck.unref();

  return {
    async apply(consumers) {
      for (const consumer of consumers) kept.set(`${consumer.stream.name} ${consumer.durable}`, consumer);
      isApplied = true;
      await applyAll();
    },
    restore,
    suspect(error) {
      if (isPublishError(error, publishFailureCodes.streamMissing)) restore("no stream answered a publish");
    },
    [Symbol.dispose]() {
      isClosed = true;
      clearInterval(recheck);
    },
  };
}
