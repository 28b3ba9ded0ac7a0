/** The messaging discipline: the only package that imports `@nats-io/*`. */

export { broadcast } from "./broadcast.ts";
export type { Broker } from "./broker.ts";
export { isBrokerAway, withinTime } from "./broker-away.ts";
export { createBundlingPublisher } from "./bundle.ts";
export { applyTopology, type BrokerOptions, connectBroker } from "./connect-broker.ts";
export { type ConsumeOptions, type Consumption, consume, type PausableConsumption } from "./consume.ts";
export { type ConsumeBatchesOptions, consumeBatches } from "./consume-batches.ts";
export {
  DeadLetterError,
  discardDeadLetter,
  readDeadLetter,
  readDeadLetters,
  republishDeadLetter,
} from "./dead-letters.ts";
export {
  type BatchDelivery,
  type BatchHandler,
  type Delivery,
  defineBatchHandler,
  defineHandler,
  type Handler,
  type Publishable,
} from "./define-handler.ts";
export { createDropSettled } from "./drop-settled.ts";
export {
  HandBackError,
  isPublishError,
  PermanentError,
  PostponeError,
  PublishError,
  publishFailureCodes,
  RetryLaterError,
  ServerVersionError,
} from "./errors.ts";
export { holdConsumer, readHold, resumeConsumer } from "./hold-consumer.ts";
export { type HeldMessage, type HeldMessages, holdMessages } from "./hold-messages.ts";
export type { Logger } from "./logger.ts";
export { announcePresence, type Presence, readPresence } from "./presence.ts";
export { type EncodedMessage, encodeMessage, type PublishOptions, publish, publishEncoded } from "./publish.ts";
export type { PublishReceipt } from "./publish-window.ts";
export { purgeSubjects } from "./purge-subjects.ts";
export { type ConsumerDepth, listSubjects, readConsumerDepth, readQueue } from "./queue-depths.ts";
export { readAcknowledgedSequence, readStreamPosition, type StreamPosition } from "./stream-positions.ts";
export { createSubjectRecords, type SubjectRecord, type SubjectRecords } from "./subject-records.ts";
export { traceHeaders } from "./trace-context.ts";
export { watchSubject } from "./watch-subjects.ts";
