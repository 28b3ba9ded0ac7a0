import { allMessages } from "../all-messages.ts";
import { readers } from "../doors.ts";
import { streams } from "../topology.ts";
import { type FlowStep, flowSteps } from "./flow-steps.ts";

const list = (names: readonly string[]) => (names.length === 0 ? "" : names.map((name) => `\`${name}\``).join(", "));
const node = (name: string) => name.replaceAll(/[^a-z]/g, "_");

function diagram(steps: readonly FlowStep[]): string {
  const services = [...new Set(steps.map(({ service }) => service))].filter((service) => service !== "every consumer");
  const edges = new Map<string, Set<string>>();
  for (const from of steps) {
    for (const to of steps) {
      const shared = from.publishes.filter((name) => to.consumes.includes(name));
      if (shared.length === 0 || from.service === "every consumer") continue;
      const edge = `${node(from.service)} --> ${node(to.service)}`;
      const labels = edges.get(edge) ?? new Set();
      for (const name of shared) labels.add(name);
      edges.set(edge, labels);
    }
  }
  const lines = [...edges].map(([edge, labels]) => {
    const [from, to] = edge.split(" --> ");
    return `  ${from} -->|${[...labels].join("<br>")}| ${to}`;
  });
  return ["```mermaid", "flowchart LR", ...services.map((name) => `  ${node(name)}[${name}]`), ...lines, "```"].join(
    "\n",
  );
}

/** `docs/flow.md`: who publishes and consumes each message. Generated from the topology; never edited by hand. */
export function flowDocument(): string {
  const steps = flowSteps();
  const rows = steps.map(
    ({ service, door, stream, consumes, publishes }) =>
      `| ${service} | ${stream ? `\`${door}\` on ${stream}` : door} | ${list(consumes)} | ${list(publishes)} |`,
  );
  const messages = allMessages.map(({ name, version, subjectPattern, summary }) => {
    const consumers = steps.filter(({ consumes }) => consumes.includes(name)).map(({ service }) => service);
    for (const { service, reads } of readers) {
      if (reads.some((definition) => definition.name === name)) consumers.push(service);
    }
    const publishers = steps.filter(({ publishes }) => publishes.includes(name)).map(({ service }) => service);
    const who = (services: string[]) => [...new Set(services)].join(", ") || "nobody yet";
    return `| \`${name}\` v${version} | \`${subjectPattern}\` | ${who(publishers)} | ${who(consumers)} | ${summary} |`;
  });
  const readerRows = readers.map(
    ({ service, reads, how }) => `| ${service} | ${list(reads.map(({ name }) => name))} | ${how} |`,
  );
  const streamRows = Object.values(streams).map(
    ({ name, subjects, retention, why }) => `| ${name} | \`${subjects.join("`, `")}\` | ${retention} | ${why} |`,
  );
  return [
    "# The flow of messages",
    "",
    "Generated from `packages/contracts` by `node tools/generate-documents.ts`; a test fails when it is stale.",
    "",
    diagram(steps),
    "",
    "## Steps",
    "",
    "| service | door | consumes | publishes |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
    "Read without a consumer:",
    "",
    "| service | reads | how |",
    "| --- | --- | --- |",
    ...readerRows,
    "",
    "## Messages",
    "",
    "| message | subject | published by | consumed by | says |",
    "| --- | --- | --- | --- | --- |",
    ...messages,
    "",
    "## Streams",
    "",
    "| stream | subjects | retention | holds |",
    "| --- | --- | --- | --- |",
    ...streamRows,
    "",
  ].join("\n");
}
