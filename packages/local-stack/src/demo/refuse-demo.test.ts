import { expect, test } from "vitest";
import { planProviders } from "../plan-providers.ts";
import { StackError } from "../stack-error.ts";
import { refuseDemo } from "./refuse-demo.ts";

test.each([
  ["no keys", "auto", {}],
  ["keys, and the sandbox asked for", "sandbox", { FAL_KEY: "key", REPLICATE_API_TOKEN: "token" }],
] as const)("refuseDemo: %s, the demo may be played", (_case, choice, environment) => {
  expect(() => refuseDemo(planProviders(choice, environment), 2)).not.toThrow();
});

test.each([
  ["a key", "auto", { FAL_KEY: "key" }, 2, /cost money at fal: .*--provider sandbox/],
  ["a real provider asked for", "real", { REPLICATE_API_TOKEN: "t" }, 2, /cost money at replicate/],
  ["another base URL", "sandbox", { FAL_BASE_URL: "http://localhost:1" }, 2, /without FAL_BASE_URL/],
  ["fal not enabled", "auto", { PROVIDERS: "replicate" }, 2, /PROVIDERS leaves out/],
  ["no generator", "auto", {}, 0, /needs a generator/],
  ["an API key wanted", "auto", { AUTH: "api-key" }, 2, /without AUTH=api-key/],
] as const)(
  "refuseDemo: %s, refused in one line that says what to do",
  (_case, choice, environment, generators, line) => {
    const refuse = () =>
      refuseDemo(planProviders(choice, environment), generators, (environment as Record<string, string>).AUTH);

    expect(refuse).toThrow(StackError);
    expect(refuse).toThrow(line);
    expect(refuse).not.toThrow(/\n/);
  },
);
