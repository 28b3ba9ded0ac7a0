/** The stack that end-to-end tests run against: every service as a process of its own, before a provider sandbox. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalStack, type LocalStackOptions, startLocalStack } from "@tirage/local-stack";
import { afterAll, beforeAll, expect } from "vitest";

export interface TestStack extends LocalStack {
  readonly sandboxUrl: string;
}

export type TestStackOptions = Omit<LocalStackOptions, "dataDirectory" | "provider">;

const startTimeoutMs = 120_000;
const stopTimeoutMs = 60_000;

/** Starts a stack with small images and a data folder of its own, which goes with it. */
export async function startStack({ environment, ...options }: TestStackOptions = {}): Promise<TestStack> {
  await using undo = new AsyncDisposableStack();
  const dataDirectory = await mkdtemp(join(tmpdir(), "tirage-e2e-"));
  undo.defer(() => rm(dataDirectory, { recursive: true, force: true }));
  const stack = undo.use(
    await startLocalStack({
      ...{ ...options, dataDirectory, provider: "sandbox" },
      environment: { ...process.env, SANDBOX_MAX_IMAGE_EDGE_PX: "64", ...environment },
    }),
  );
  const { sandboxUrl } = stack;
  if (sandboxUrl === undefined) throw new Error("the stack was asked for a sandbox");
  const resources = undo.move();
  return { ...stack, sandboxUrl, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

/** One stack for all tests of a file; what is answered tells it, once they run. */
export function useStack(optionsOf: () => TestStackOptions | Promise<TestStackOptions> = () => ({})): () => TestStack {
  let stack: TestStack | undefined;
  beforeAll(async () => {
    stack = await startStack(await optionsOf());
  }, startTimeoutMs);
  afterAll(() => stack?.[Symbol.asyncDispose](), stopTimeoutMs);
  return () => {
    if (!stack) throw new Error("the stack runs only while the tests do");
    return stack;
  };
}

/** Sets what the sandbox does from now on: `rules` and dials, as its README has them. */
export async function controlSandbox({ sandboxUrl }: TestStack, body: object): Promise<void> {
  const response = await fetch(`${sandboxUrl}/__control`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  expect(response.ok, await response.text()).toBe(true);
}
