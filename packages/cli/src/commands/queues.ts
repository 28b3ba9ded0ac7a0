import type { Queue } from "@tirage/client";
import type { Command } from "commander";
import type { Column } from "../output/table.ts";
import { formatDuration } from "../output/units.ts";
import type { OpenSession } from "../session.ts";
import { addExamples } from "./examples.ts";

export function addQueues(program: Command, open: OpenSession): void {
  const queues = program
    .command("queues")
    .description("show what waits and what is in flight; pause and resume providers");
  addExamples(queues, [["tirage queues", "each queue: waiting, in flight, a minute, age of the oldest, state"]]);
  queues.action(async () => {
    const { client, output, signal } = open();
    output.table(await client.queues.list({ signal }), columns, "there are no queues");
  });
  addPause(queues, open);
  addResume(queues, open);
}

function addPause(queues: Command, open: OpenSession): void {
  const command = queues
    .command("pause <provider>")
    .description("give a provider no more calls until it is resumed; orders are accepted and wait");
  addExamples(command, [["tirage queues pause fal", "also over restarts; what runs there ends"]]);
  command.action(async (provider: string) => {
    const { client, output, signal } = open();
    const pause = await client.queues.pause(provider, { signal });
    output.result(pause, `${provider} is paused since ${pause.pausedAt}; tirage queues resume ${provider} ends it`);
  });
}

function addResume(queues: Command, open: OpenSession): void {
  const command = queues
    .command("resume <provider>")
    .description("give a provider calls again, whoever or whatever paused it");
  addExamples(command, [["tirage queues resume fal", "also after its account was refused and mended"]]);
  command.action(async (provider: string) => {
    const { client, output, signal } = open();
    output.result(await client.queues.resume(provider, { signal }), `${provider} is given calls again`);
  });
}

/** Whether a queue is served, in words. */
export function describeState({ pausedBy, pausedUntil, gate }: Queue): string {
  if (pausedBy === "person") return "paused by a person";
  if (gate && gate.state !== "open") return gate.reason === null ? gate.state : `${gate.state}: ${gate.reason}`;
  return pausedUntil ? `paused until ${pausedUntil}` : "open";
}

const columns: Column<Queue>[] = [
  { title: "QUEUE", text: ({ name }) => name },
  { title: "PROVIDER", text: ({ provider }) => provider ?? "-" },
  { title: "WAITING", text: ({ depth }) => String(depth), isNumber: true },
  { title: "IN FLIGHT", text: ({ inFlight }) => String(inFlight), isNumber: true },
  { title: "A MINUTE", text: ({ deliveredPerMinute }) => deliveredPerMinute?.toFixed(0) ?? "-", isNumber: true },
  { title: "AGAIN", text: ({ redelivered }) => String(redelivered), isNumber: true },
  { title: "OLDEST", text: ({ oldestAgeMs }) => (oldestAgeMs === null ? "-" : formatDuration(oldestAgeMs)) },
  { title: "STATE", text: describeState },
];
