import { execFileSync } from "node:child_process";
import type { OrderRequestInput } from "@tirage/contracts";
import { expect, test } from "vitest";
import { formatCommandLine } from "./format-command-line.ts";
import { formatCurl } from "./format-curl.ts";
import { formatTypeScript } from "./format-typescript.ts";

const request: OrderRequestInput = {
  provider: "fal",
  model: "fal-ai/flux/schnell",
  prompt: `a keeper's "lamp" & $HOME \`id\`\nby the sea`,
  quantity: 10,
  batchSize: 4,
  parameters: { image_size: "square", num_inference_steps: 8 },
  metadata: { customer: "42 & co" },
};
const origin = "http://localhost:8080";

/** What a shell makes of the command: its words, without running it. */
const wordsOf = (command: string): string[] => {
  const script = `set -- ${command}\nfor word in "$@"; do printf '%s\\0' "$word"; done`;
  return execFileSync("sh", ["-c", script], { encoding: "utf8" }).split("\0").slice(0, -1);
};

test("formatCurl: quotes, dollars and line ends in the prompt, the shell hands over the very request", () => {
  const words = wordsOf(formatCurl(request, origin));

  expect(words.slice(0, 4)).toEqual(["curl", "-X", "POST", "http://localhost:8080/v1/orders"]);
  expect(JSON.parse(words.at(-1) ?? "")).toEqual(request);
});

test("formatCommandLine: the same, every field has its flag", () => {
  expect(wordsOf(formatCommandLine(request, origin))).toEqual([
    ...["npx", "tirage", "order", "create", "--provider", "fal", "--model", "fal-ai/flux/schnell"],
    ...["--prompt", request.prompt, "--quantity", "10", "--batch-size", "4"],
    ...["--parameter", "image_size=square", "--parameter", "num_inference_steps=8"],
    ...["--metadata", "customer=42 & co", "--watch", "--out", "./images"],
  ]);
});

test("formatCommandLine: a text that reads as JSON, is quoted so that the command takes it for a text", () => {
  const parameters = { version: "8", note: '"a"', flag: "true", size: { width: 8 }, steps: 8, style: "8 bit" };
  const words = wordsOf(formatCommandLine({ ...request, parameters }, origin));

  expect(words.filter((_, index) => words[index - 1] === "--parameter")).toEqual([
    ...['version="8"', String.raw`note="\"a\""`, 'flag="true"', 'size={"width":8}', "steps=8", "style=8 bit"],
  ]);
});

test("formatCommandLine: the API is somewhere else, it says where", () => {
  expect(formatCommandLine(request, "http://10.0.0.2:9000")).toContain("--api-url http://10.0.0.2:9000");
});

test("formatTypeScript: the body of the call is the request", () => {
  const code = formatTypeScript(request, origin);
  const body = /orders\.create\((\{[\s\S]*?\n\})\)/.exec(code)?.[1];

  expect(new Function(`return ${body}`)()).toEqual(request);
});
