/** A process of a test: dies of the poison order, handles the others. Parameters: server, poison order id. */
import { orderCreatedConsumer } from "@tirage/contracts";
import { connectBroker, consume, defineHandler } from "../src/index.ts";
import { silentLogger } from "../src/testing.ts";

const [server = "", poison = ""] = process.argv.slice(2);
const broker = await connectBroker({ servers: [server], service: "crashing", logger: silentLogger });
const consumer = { ...orderCreatedConsumer, acknowledgeWaitMs: 1_000, deadLetterAfterDeliveries: 2 };
const handler = defineHandler({
  consumer,
  async handle({ payload }) {
    if (payload.orderId === poison) process.kill(process.pid, "SIGKILL");
    return [];
  },
});
consume(broker, handler, { slots: 1, ahead: false });
