import type { Queue } from "@tirage/client";
import type { Command } from "commander";
import type { Column } from "../output/table.ts";
import { formatDuration } from "../output/units.ts";
import type { OpenSession } from "../session.ts";
import { addExamples } from "./examples.ts";

export function addQueues(program: Command, open: OpenSession): void {
  const command = program.command("queues").description("show what waits and what is in flight");
  addExamples(command, [["tirage queues", "each queue: depth, in flight, age of the oldest, pause of a provider"]]);
  command.action(async () => {
    const { client, output, signal } = open();
    output.table(await client.queues.list({ signal }), queueColumns, "there are no queues");
  });
}

const queueColumns: Column<Queue>[] = [
  { title: "QUEUE", text: ({ name }) => name },
  { title: "PROVIDER", text: ({ provider }) => provider ?? "-" },
  { title: "WAITING", text: ({ depth }) => String(depth), isNumber: true },
  { title: "IN FLIGHT", text: ({ inFlight }) => String(inFlight), isNumber: true },
  { title: "AGAIN", text: ({ redelivered }) => String(redelivered), isNumber: true },
  { title: "OLDEST", text: ({ oldestAgeMs }) => (oldestAgeMs === null ? "-" : formatDuration(oldestAgeMs)) },
  { title: "PAUSED UNTIL", text: ({ pausedUntil }) => pausedUntil ?? "-" },
];
