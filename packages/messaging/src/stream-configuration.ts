/** Our definitions in the broker's terms, and what counts as drift. Pure. */
import {
  AckPolicy,
  type ConsumerConfig,
  DeliverPolicy,
  DiscardPolicy,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from "@nats-io/jetstream";
import type { ConsumerDefinition, StreamDefinition } from "@tirage/contracts";

const nanosecondsPerMs = 1_000_000;

export function streamConfiguration(definition: StreamDefinition) {
  return {
    name: definition.name,
    subjects: [...definition.subjects],
    retention: definition.retention === "workqueue" ? RetentionPolicy.Workqueue : RetentionPolicy.Limits,
    discard: definition.discard === "new" ? DiscardPolicy.New : DiscardPolicy.Old,
    discard_new_per_subject: definition.discard === "new" && definition.maximumMessagesPerSubject !== undefined,
    max_msgs_per_subject: definition.maximumMessagesPerSubject ?? -1,
    max_age: (definition.maximumAgeMs ?? 0) * nanosecondsPerMs,
    duplicate_window: definition.duplicateWindowMs * nanosecondsPerMs,
    storage: StorageType.File,
    allow_direct: true,
    ...(definition.allowsSchedules ? { allow_msg_schedules: true } : {}),
  } satisfies Partial<StreamConfig>;
}

export function consumerConfiguration(definition: ConsumerDefinition) {
  return {
    durable_name: definition.durable,
    filter_subject: definition.filterSubject,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: definition.acknowledgeWaitMs * nanosecondsPerMs,
    max_deliver: definition.maximumDeliveries,
    max_ack_pending: definition.maximumUnacknowledged,
  } satisfies Partial<ConsumerConfig>;
}

/** The fields of `wanted` that `actual` has otherwise; fields we do not set are the operator's. */
export function driftOf(wanted: object, actual: object): string[] {
  const actualFields = actual as Record<string, unknown>;
  return Object.entries(wanted)
    .filter(([field, value]) => {
      const present = actualFields[field] ?? (typeof value === "boolean" ? false : undefined);
      return JSON.stringify(present) !== JSON.stringify(value);
    })
    .map(([field]) => field);
}
