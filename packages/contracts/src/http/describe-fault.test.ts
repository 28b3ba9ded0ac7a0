import { expect, test } from "vitest";
import { z } from "zod";
import { describeFault } from "./describe-fault.ts";
import { orderRequest } from "./order-request.ts";

const base = { provider: "fal", model: "fal-ai/flux/schnell", prompt: "a lighthouse", quantity: 3 };
const describeAll = (schema: z.ZodType, input: unknown) =>
  schema.safeParse(input).error?.issues.map((issue) => `${issue.path.join("/")} ${describeFault(issue, input)}`);

test.each([
  [{ ...base, prompt: undefined }, ["prompt is missing: send a text"]],
  [{ ...base, prompt: 7 }, ["prompt must be a text, not a number"]],
  [{ ...base, prompt: null }, ["prompt must be a text, not null"]],
  [{ ...base, prompt: "" }, ["prompt must not be empty"]],
  [{ ...base, prompt: " \n\t" }, ["prompt must say something: it is nothing but white space"]],
  [{ ...base, prompt: "x".repeat(10_001) }, ["prompt must have at most 10,000 characters"]],
  [{ ...base, quantity: 0 }, ["quantity must be at least 1"]],
  [{ ...base, quantity: 40_001 }, ["quantity must be at most 40,000"]],
  [{ ...base, quantity: 1.5 }, ["quantity must be a whole number, within what is exact"]],
  [{ ...base, quantity: "3" }, ["quantity must be a number, not a text"]],
  [{ ...base, priority: "soon" }, ["priority must be one of interactive, standard, bulk"]],
  [{ ...base, startAt: "tomorrow" }, ["startAt must be a time with its zone, such as 2026-01-05T09:00:00Z"]],
  [{ ...base, parameters: [] }, ["parameters must be an object, not a list"]],
  [{ ...base, metadata: { customer: 7 } }, ["metadata/customer must be a text, not a number"]],
  [{ ...base, promt: "x" }, [" has fields that are not known: promt"]],
  [{ ...base, modelVersion: "1" }, ["modelVersion must be the 64 hexadecimal digits of a Replicate version"]],
  [[], [" must be an object, not a list"]],
  [undefined, [" is missing: send an object"]],
])("describeFault: order request %#, sentences that say what to send", (input, sentences) => {
  expect(describeAll(orderRequest, input)).toEqual(sentences);
});

test.each([
  [z.strictObject({ id: z.uuid() }), { id: "x" }, ["id must be a UUID"]],
  [z.array(z.int()).min(1), [], [" must have at least 1 entry"]],
  [z.coerce.number().int().min(1), "many", [" must be a number, not a text"]],
  [z.literal("yes"), "no", [" must be yes"]],
  [z.union([z.int(), z.boolean()]), "x", [" does not have a form that is accepted"]],
  [
    z.record(z.string().min(1), z.int()),
    { "": 1 },
    [" has a name that is not allowed: names must not be empty or too long"],
  ],
])("describeFault: other schema %#, a sentence without the schema's words", (schema, input, sentences) => {
  expect(describeAll(schema, input)?.map((sentence) => sentence.replace(/^(?!id)[^ ]* /, " "))).toEqual(sentences);
});
