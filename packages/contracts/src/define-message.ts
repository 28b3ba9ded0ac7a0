/**
 * A message is declared once: its name, version, schema, subject and id. Everything that publishes or consumes it goes
 * through the definition, so an envelope is never put together by hand.
 */
import type { z } from "zod";

/** A message ready to publish. `id` is what the broker and the consumers know repeats by. */
export interface Message<Name extends string = string, Payload = unknown> {
  readonly name: Name;
  /** CloudEvents type, `tirage.<name>.v<version>`. */
  readonly type: string;
  readonly subject: string;
  readonly id: string;
  readonly payload: Payload;
}

export interface MessageDefinition<Name extends string = string, Payload = unknown> {
  readonly name: Name;
  readonly version: number;
  readonly type: string;
  readonly summary: string;
  readonly schema: z.ZodType<Payload>;
  /** The subject with `{parameter}` in the place of ids, as the generated documents show it. */
  readonly subjectPattern: string;
  /** Builds a message. Strict: an unknown field or a wrong value throws, so nothing malformed leaves. */
  create(payload: Payload): Message<Name, Payload>;
  /** Reads a parsed body. Tolerant: unknown fields are dropped, so that newer writers do not stop older readers. */
  read(body: unknown): Payload;
}

/** The messages a handler may return: one of the definitions' shapes. */
export type MessageOf<Definition> =
  Definition extends MessageDefinition<infer Name, infer Payload> ? Message<Name, Payload> : never;

export type PayloadOf<Definition> = Definition extends MessageDefinition<string, infer Payload> ? Payload : never;

export function defineMessage<Name extends string, Shape extends z.ZodRawShape>(declaration: {
  readonly name: Name;
  readonly version: number;
  readonly summary: string;
  readonly schema: z.ZodObject<Shape>;
  readonly subjectPattern: string;
  readonly subject: (payload: z.infer<z.ZodObject<Shape>>) => string;
  readonly id: (payload: z.infer<z.ZodObject<Shape>>) => string;
}): MessageDefinition<Name, z.infer<z.ZodObject<Shape>>> {
  type Payload = z.infer<z.ZodObject<Shape>>;
  const { name, version, summary, schema, subjectPattern } = declaration;
  const type = `tirage.${name}.v${version}`;
  const strictSchema = schema.strict();
  return {
    name,
    version,
    type,
    summary,
    schema: schema as unknown as z.ZodType<Payload>,
    subjectPattern,
    create(payload) {
      const checked = strictSchema.parse(payload) as Payload;
      return { name, type, subject: declaration.subject(checked), id: declaration.id(checked), payload: checked };
    },
    read: (body) => schema.parse(body) as Payload,
  };
}
