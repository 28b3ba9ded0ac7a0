import type { Worker } from "@tirage/client";
import type { Command } from "commander";
import type { Column } from "../output/table.ts";
import { formatAge } from "../output/units.ts";
import type { OpenSession } from "../session.ts";
import { addExamples } from "./examples.ts";

export function addWorkers(program: Command, open: OpenSession): void {
  const command = program.command("workers").description("show who works, and on how much");
  addExamples(command, [["tirage workers", "each live service replica; generators with what they run"]]);
  command.action(async () => {
    const { client, output, signal } = open();
    const workers = await client.workers.list({ signal });
    output.table(workers, workerColumns(Date.now()), "nobody works; npm start -- --generators 2 begins two generators");
  });
}

const workerColumns = (nowMs: number): Column<Worker>[] => [
  { title: "SERVICE", text: ({ service }) => service },
  { title: "WORKER", text: ({ id }) => id },
  {
    title: "RUNNING",
    text: ({ running, slots }) => (slots === undefined ? "-" : `${running?.length ?? 0}/${slots}`),
    isNumber: true,
  },
  { title: "COMPLETED", text: ({ completed }) => String(completed ?? "-"), isNumber: true },
  { title: "FAILED", text: ({ failed }) => String(failed ?? "-"), isNumber: true },
  { title: "SINCE", text: ({ startedAt }) => formatAge(startedAt, nowMs) },
  { title: "SEEN", text: ({ lastSeenAt }) => formatAge(lastSeenAt, nowMs) },
  { title: "VERSION", text: ({ version }) => version },
];
