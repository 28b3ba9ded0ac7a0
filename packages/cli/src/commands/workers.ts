import { setTimeout as delay } from "node:timers/promises";
import type { Worker } from "@tirage/client";
import type { Command } from "commander";
import { CommandFailure } from "../failures.ts";
import type { Column } from "../output/table.ts";
import { formatAge } from "../output/units.ts";
import type { OpenSession, Session } from "../session.ts";
import { addExamples } from "./examples.ts";

export function addWorkers(program: Command, open: OpenSession): void {
  const workers = program.command("workers").description("show who works, and on how much; drain and resume workers");
  addExamples(workers, [["tirage workers", "each live generator with what it runs, and whether it takes work"]]);
  workers.action(async () => {
    const { client, output, signal } = open();
    const live = await client.workers.list({ signal });
    output.table(live, workerColumns(Date.now()), "nobody works; npm start -- --generators 2 begins two generators");
  });
  addDrain(workers, open);
  addResume(workers, open);
}

function addDrain(workers: Command, open: OpenSession): void {
  const command = workers
    .command("drain <id>")
    .description("have a worker take no new work until it is resumed; what it runs ends there")
    .option("--wait", "until it is drained; exit 1 when it ends or is resumed before");
  addExamples(command, [["tirage workers drain generator-1-3f9a2c71 --wait", "then its process can be ended"]]);
  command.action(async (id: string, { wait = false }: { wait?: boolean }) => {
    const session = open();
    const asked = await session.client.workers.drain(id, { signal: session.signal });
    const worker = wait ? await untilDrained(session, asked) : asked;
    session.output.result(worker, `${id} is ${describeDrain(worker)}; tirage workers resume ${id} ends it`);
  });
}

function addResume(workers: Command, open: OpenSession): void {
  const command = workers.command("resume <id>").description("have a drained worker take work again");
  addExamples(command, [["tirage workers resume generator-1-3f9a2c71", "at once, also while it is draining"]]);
  command.action(async (id: string) => {
    const { client, output, signal } = open();
    output.result(await client.workers.resume(id, { signal }), `${id} takes work again`);
  });
}

const lookEveryMs = 500;
/** A worker is gone after this: a broker whose data was lost learns of the living anew. */
const missingMs = 15_000;

/** Waits as long as its generations take, which the workers bound; Ctrl-C ends only the waiting. */
async function untilDrained({ client, signal }: Session, asked: Worker): Promise<Worker> {
  const { id } = asked;
  let worker: Worker | undefined = asked;
  let seenAtMs = Date.now();
  for (;;) {
    if (worker?.drain?.state === "drained") return worker;
    if (worker && !worker.drain) throw new CommandFailure(`${id} was resumed before it was drained`);
    if (worker) seenAtMs = Date.now();
    else if (Date.now() - seenAtMs > missingMs) throw new CommandFailure(`${id} ended before it was drained`);
    await delay(lookEveryMs, undefined, { signal });
    worker = (await client.workers.list({ signal })).find((listed) => listed.id === id);
  }
}

/** Whether a worker takes work, in words. */
function describeDrain({ drain }: Pick<Worker, "drain">): string {
  if (!drain) return "active";
  return drain.state === "drained" ? "drained" : `draining (${drain.left} left)`;
}

const workerColumns = (nowMs: number): Column<Worker>[] => [
  { title: "SERVICE", text: ({ service }) => service },
  { title: "WORKER", text: ({ id }) => id },
  { title: "STATE", text: describeDrain },
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
