/** Who consumes what and publishes what, read off the consumers and doors. */
import type { MessageDefinition } from "../define-message.ts";
import { doors } from "../doors.ts";
import { consumersFor } from "../topology.ts";

export interface FlowStep {
  readonly service: string;
  /** What sets it off: an HTTP door or a durable consumer. */
  readonly door: string;
  readonly stream: string | undefined;
  readonly consumes: readonly string[];
  readonly publishes: readonly string[];
}

const namesOf = (definitions: readonly MessageDefinition[]) => definitions.map(({ name }) => name);

/** The steps in the order of an order's life. A consumer per provider or lane is shown once, as a pattern. */
export function flowSteps(): FlowStep[] {
  const patterns = new Map<string, FlowStep>();
  for (const consumer of consumersFor({ provider: 1 })) {
    const durable = consumer.durable
      .replace("-provider", "-{provider}")
      .replace(/-(interactive|standard|bulk)$/, "-{lane}");
    patterns.set(durable, {
      service: consumer.service,
      door: durable,
      stream: consumer.stream.name,
      consumes: namesOf(consumer.consumes),
      publishes: namesOf(consumer.publishes),
    });
  }
  const fromDoors = doors.map(({ service, door, publishes }) => ({
    service,
    door,
    stream: undefined,
    consumes: [],
    publishes: namesOf(publishes as readonly MessageDefinition[]),
  }));
  const [http, ...others] = fromDoors;
  return [...(http ? [http] : []), ...patterns.values(), ...others];
}
