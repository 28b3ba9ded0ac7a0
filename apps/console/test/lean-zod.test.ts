import { fileURLToPath } from "node:url";
import { describeFault, orderRequest } from "@tirage/contracts";
import { build } from "vite";
import { beforeAll, expect, test } from "vitest";
import { leanZod } from "../lean-zod.ts";

const contracts = fileURLToPath(new URL("../../../packages/contracts/src/index.ts", import.meta.url));
const base = { provider: "fal", model: "fal-ai/flux/schnell", prompt: "a fox", quantity: 10 };

let lean: { readonly orderRequest: typeof orderRequest; readonly describeFault: typeof describeFault };

beforeAll(async () => {
  const built = await build({
    configFile: false,
    logLevel: "warn",
    plugins: [leanZod()],
    build: { write: false, lib: { entry: contracts, formats: ["es"] } },
  });
  const output = [built].flat().flatMap((bundle) => ("output" in bundle ? bundle.output : []));
  const code = output.map((file) => (file.type === "chunk" ? file.code : "")).join("\n");
  lean = await import(`data:text/javascript,${encodeURIComponent(code)}`);
});

test.each<[string, unknown]>([
  ["a good one", base],
  [
    "all fields",
    { ...base, parameters: { a: [1, { b: null }] }, seed: 7, startAt: "2026-01-05T09:00:00Z", metadata: { k: "v" } },
  ],
  ["no object", null],
  ["nothing in it", {}],
  ["an empty prompt", { ...base, prompt: "" }],
  ["white space for a prompt", { ...base, prompt: "  " }],
  ["numbers out of bounds", { ...base, quantity: 0, batchSize: 65, seed: 1.5 }],
  ["a word that is not known", { ...base, priority: "urgent", shortfall: 1 }],
  ["both ways to say how many", { ...base, generations: 2 }],
  ["times the wrong way round", { ...base, startAt: "2026-01-05T09:00:00Z", expiresAt: "2026-01-04T09:00:00Z" }],
  ["a time without its zone", { ...base, startAt: "2026-01-05T09:00" }],
  ["a field that is not known", { ...base, size: 3 }],
  ["metadata too long", { ...base, metadata: { k: "v".repeat(513), ["n".repeat(65)]: "v" } }],
])("the console's lean schemas: an order request with %s, is judged in the same words as by the API", (_, input) => {
  expect(judge(lean, input)).toEqual(judge({ orderRequest, describeFault }, input));
});

function judge(schemas: typeof lean, input: unknown) {
  const { data, error } = schemas.orderRequest.safeParse(input);
  return { data, faults: error?.issues.map((issue) => [issue.path, schemas.describeFault(issue, input)]) };
}
