import { z } from "zod";
import { allMessages } from "../all-messages.ts";
import type { MessageDefinition } from "../define-message.ts";
import { flowSteps } from "./flow-steps.ts";

const keyOf = (name: string) => name.replaceAll(/[._]([a-z])/g, (_, letter: string) => letter.toUpperCase());

function parametersOf(subjectPattern: string) {
  const names = [...subjectPattern.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);
  return Object.fromEntries(names.map((name) => [name, { description: `The ${name} of the message.` }]));
}

function channelOf({ name, subjectPattern }: MessageDefinition) {
  const parameters = parametersOf(subjectPattern);
  return {
    address: subjectPattern,
    messages: { [keyOf(name)]: { $ref: `#/components/messages/${keyOf(name)}` } },
    ...(Object.keys(parameters).length > 0 ? { parameters } : {}),
  };
}

function messageOf({ name, type, summary, schema }: MessageDefinition) {
  return {
    name,
    title: type,
    summary,
    contentType: "application/json",
    headers: { $ref: "#/components/schemas/Envelope" },
    payload: z.toJSONSchema(schema, { io: "output", unrepresentable: "any", target: "draft-7" }),
  };
}

const envelopeSchema = {
  type: "object",
  description: "CloudEvents 1.0, NATS binding in binary mode, with W3C trace context.",
  required: ["ce-id", "ce-type", "ce-source", "ce-time", "ce-specversion", "Nats-Msg-Id"],
  properties: {
    "ce-id": { type: "string" },
    "ce-type": { type: "string" },
    "ce-source": { type: "string" },
    "ce-time": { type: "string", format: "date-time" },
    "ce-specversion": { const: "1.0" },
    "Nats-Msg-Id": { type: "string", description: "The same as ce-id." },
    traceparent: { type: "string" },
    tracestate: { type: "string" },
  },
};

function operations() {
  const entries: [string, object][] = [];
  for (const { service, door, consumes, publishes } of flowSteps()) {
    const where = door.replaceAll(/[^a-zA-Z]+/g, "_").replace(/_$/, "");
    const channel = (name: string) => ({ $ref: `#/channels/${keyOf(name)}` });
    for (const name of consumes) {
      entries.push([
        `${where}_receives_${keyOf(name)}`,
        { action: "receive", channel: channel(name), summary: service },
      ]);
    }
    for (const name of publishes) {
      entries.push([`${where}_sends_${keyOf(name)}`, { action: "send", channel: channel(name), summary: service }]);
    }
  }
  return Object.fromEntries(entries);
}

/** The AsyncAPI 3 document, generated from the same schemas that parse the messages. */
export function asyncApiDocument() {
  const byKey = <Value>(build: (definition: MessageDefinition) => Value) =>
    Object.fromEntries(allMessages.map((definition) => [keyOf(definition.name), build(definition)]));
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Tirage messages",
      version: "1.0.0",
      description:
        "Every message of Tirage. Readers ignore unknown fields; a breaking change is a new version of a type.",
      license: { name: "Apache-2.0" },
    },
    defaultContentType: "application/json",
    servers: { nats: { host: "localhost:4222", protocol: "nats" } },
    channels: byKey(channelOf),
    operations: operations(),
    components: { messages: byKey(messageOf), schemas: { Envelope: envelopeSchema } },
  };
}
