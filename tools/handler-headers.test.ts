import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { flowSteps } from "@tirage/contracts/documents";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const files = globSync("services/*/src/handlers/*.ts", { cwd: root });
const handlers = files.filter((file) => !file.endsWith(".test.ts"));

/** `// a | b -> c, d` as its two sides; what publishes nothing says so. */
function readHeader(line: string): { consumes: string[]; publishes: string[] } {
  const [left = "", right = ""] = line.replace(/^\/\/ /, "").split(" -> ");
  const names = (side: string) =>
    side
      .split(/[|,]/)
      .map((name) => name.trim().replace("work.*", "work.requested"))
      .filter((name) => name !== "nothing");
  return { consumes: names(left), publishes: names(right) };
}

test("handlers: the tree, has one for each consumer of the topology", () => {
  expect(handlers.length).toBe(flowSteps().filter(({ stream }) => stream).length);
});

test.each(handlers)("handlers: the first line of %s, says a flow that the topology declares", async (file) => {
  const [firstLine = ""] = (await readFile(`${root}${file}`, "utf8")).split("\n");
  const { consumes, publishes } = readHeader(firstLine);
  const service = file.split("/")[1];
  const step = flowSteps().find(
    (candidate) => candidate.service === service && candidate.consumes.includes(consumes[0] ?? ""),
  );
  expect(step, `${firstLine} is not in the topology`).toBeDefined();
  for (const name of consumes) expect(step?.consumes).toContain(name);
  for (const name of publishes) expect(step?.publishes).toContain(name);
});
