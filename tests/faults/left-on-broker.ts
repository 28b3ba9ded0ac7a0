/** What is still on the broker once every order has ended: there, every message left is work that nobody expects. */
import { setTimeout as delay } from "node:timers/promises";
import { streams } from "@tirage/contracts";
import { connectBroker, listSubjects } from "@tirage/messaging";
import { silentLogger } from "@tirage/messaging/testing";

const emptied = [streams.work, streams.later, streams.dispatch, streams.turn, streams.dead];
/** A delivery whose worker died comes again after its acknowledge wait, and is dropped then. */
const patienceMs = 60_000;
const pollMs = 500;

/** The subjects that still have messages when patience has ended; none is what is wanted. */
export async function listLeftOnBroker(natsUrl: string): Promise<string[]> {
  await using broker = await connectBroker({ servers: [natsUrl], service: "test", logger: silentLogger });
  const list = async () => (await Promise.all(emptied.map((stream) => listSubjects(broker, stream, ">")))).flat();
  const begun = performance.now();
  let left = await list();
  while (left.length > 0 && performance.now() - begun < patienceMs) {
    await delay(pollMs);
    left = await list();
  }
  return left;
}
