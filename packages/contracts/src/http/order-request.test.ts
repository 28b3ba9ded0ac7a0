import { expect, test } from "vitest";
import { orderRequest } from "./order-request.ts";

const base = { provider: "fal", model: "fal-ai/flux/schnell", prompt: "a lighthouse at dusk" };
const faultsOf = (body: unknown) => orderRequest.safeParse(body).error?.issues.map(({ path }) => path.join("/")) ?? [];

test.each([
  ["quantity alone", { ...base, quantity: 10 }, []],
  ["generations alone", { ...base, generations: 3 }, []],
  ["both", { ...base, quantity: 10, generations: 3 }, ["quantity"]],
  ["neither", base, ["generations"]],
  ["both beside another fault", { ...base, prompt: 7, quantity: 10, generations: 3 }, ["prompt", "quantity"]],
  ["no object", [], [""]],
])("orderRequest: %s, names each place that is wrong", (_, body, faults) => {
  expect(faultsOf(body)).toEqual(faults);
});
