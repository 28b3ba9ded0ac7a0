import { expect, test } from "vitest";
import { UsageError } from "../failures.ts";
import { readOrders } from "./read-orders.ts";

const defaults = { provider: "fal", model: "fal-ai/flux/schnell", quantity: 4 };

const faultsOf = (name: string, text: string): readonly string[] => {
  try {
    readOrders(name, text, defaults);
  } catch (error) {
    if (error instanceof UsageError) return error.faults;
    throw error;
  }
  return [];
};

test("readOrders: CSV with the fields under several spellings, orders of the API's shape", () => {
  const text = [
    "Prompt,batch_size,Generations,parameters.image_size,parameters.steps,metadata.customer,seed",
    '"a fox, red",2,3,square_hd,8,42,7',
    "a hare,,,,,,",
  ].join("\n");

  expect(readOrders("prompts.csv", text, defaults)).toEqual([
    {
      line: 2,
      request: {
        provider: "fal",
        model: "fal-ai/flux/schnell",
        prompt: "a fox, red",
        batchSize: 2,
        generations: 3,
        parameters: { image_size: "square_hd", steps: 8 },
        metadata: { customer: "42" },
        seed: 7,
      },
    },
    { line: 3, request: { provider: "fal", model: "fal-ai/flux/schnell", prompt: "a hare", quantity: 4 } },
  ]);
});

test("readOrders: JSONL with an empty line, what a line says goes before what the flags say", () => {
  const text = '{"prompt":"a","quantity":1,"parameters":{"a":1}}\n\n{"prompt":"b","model":"other"}\n';
  const withParameters = { ...defaults, parameters: { a: 0, b: 2 } };

  expect(readOrders("prompts.jsonl", text, withParameters)).toEqual([
    { line: 1, request: { ...defaults, prompt: "a", quantity: 1, parameters: { a: 1, b: 2 } } },
    { line: 3, request: { ...defaults, model: "other", prompt: "b", parameters: { a: 0, b: 2 } } },
  ]);
});

test("readOrders: several faulty lines of JSONL, each is named", () => {
  const text = '{"prompt":"a"}\n{"prompt":\n[]\n{"promt":"b"}\n{"quantity":1}\n';

  expect(faultsOf("p.jsonl", text)).toEqual([
    expect.stringMatching(/^p\.jsonl:2: is no JSON/),
    "p.jsonl:3: must be an object",
    expect.stringMatching(/^p\.jsonl:4: "promt" is unknown; known are provider, model/),
    "p.jsonl:5: prompt is missing",
  ]);
});

test.each([
  ["a column that nobody knows", "prompt,colour\na,red\n", /^p\.csv:1: "colour" is unknown/],
  ["no header", "a lighthouse,4\n", /^p\.csv:1: the first line must name the columns/],
  ["no prompt column", "quantity\n4\n", /^p\.csv:1: the first line must name the columns/],
  ["a number that is none", "prompt,quantity\na,ten\n", /^p\.csv:2: quantity must be a number/],
  ["a comma too many", "prompt,quantity\na, b,4\n", /^p\.csv:2: has 3 cells for 2 columns/],
  ["parameters that are no object", "prompt,parameters\na,big\n", /^p\.csv:2: parameters must be a JSON object/],
  ["an open quote", 'prompt\n"a\n', /^p\.csv:2: a quote is opened/],
])("readOrders: CSV with %s, the line is named", (_, text, fault) => {
  expect(faultsOf("p.csv", text)).toEqual([expect.stringMatching(fault)]);
});

test("readOrders: more faults than a person reads, the first twenty and how many more", () => {
  const faults = faultsOf("p.csv", `prompt,quantity\n${"a,x\n".repeat(25)}`);

  expect(faults).toHaveLength(21);
  expect(faults.at(-1)).toBe("and 5 more");
});

test("readOrders: a file of another kind, refused by its name", () => {
  expect(() => readOrders("prompts.xlsx", "PK", defaults)).toThrow("--from prompts.xlsx must end in .csv or .jsonl");
});

test("readOrders: an empty file, refused", () => {
  expect(() => readOrders("p.jsonl", "\n", defaults)).toThrow("p.jsonl holds no order");
});
