import { createConnection, createServer, type Socket } from "node:net";
import { expect, test } from "vitest";
import { eventually } from "./eventually.ts";
import { startTcpProxy } from "./tcp-proxy.ts";

async function startEcho(resources: AsyncDisposableStack) {
  const sockets = new Set<Socket>();
  const echo = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => echo.listen(0, "127.0.0.1", resolve));
  resources.defer(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => echo.close(() => resolve()));
  });
  const address = echo.address();
  const proxy = resources.use(await startTcpProxy({ port: typeof address === "object" && address ? address.port : 0 }));
  const connect = () => {
    const client = { socket: createConnection(proxy.port, "127.0.0.1"), heard: "", error: "", isClosed: false };
    client.socket.on("data", (chunk) => {
      client.heard += chunk.toString();
    });
    client.socket.on("error", (error: NodeJS.ErrnoException) => {
      client.error = error.code ?? "";
    });
    client.socket.on("close", () => {
      client.isClosed = true;
    });
    resources.defer(() => void client.socket.destroy());
    return client;
  };
  return { proxy, connect };
}

test("tcp proxy: a black hole, nothing passes and nothing ends; healed, what was sent arrives", async () => {
  await using resources = new AsyncDisposableStack();
  const { proxy, connect } = await startEcho(resources);
  const client = connect();
  client.socket.write("one");
  await eventually(() => client.heard === "one");

  proxy.blackhole();
  client.socket.write("two");
  const late = connect();
  late.socket.write("late");
  await eventually(() => proxy.connections === 2);
  expect([client.heard, client.isClosed, late.heard, late.isClosed]).toEqual(["one", false, "", false]);

  proxy.heal();
  await eventually(() => client.heard === "onetwo" && late.heard === "late");
});

test("tcp proxy: reset, connections break and the next one passes", async () => {
  await using resources = new AsyncDisposableStack();
  const { proxy, connect } = await startEcho(resources);
  const client = connect();
  client.socket.write("one");
  await eventually(() => client.heard === "one");

  proxy.reset();
  await eventually(() => client.error === "ECONNRESET");
  const next = connect();
  next.socket.write("two");
  await eventually(() => next.heard === "two");
});

test("tcp proxy: dropped, no connection stands until it is healed", async () => {
  await using resources = new AsyncDisposableStack();
  const { proxy, connect } = await startEcho(resources);
  const client = connect();
  client.socket.write("one");
  await eventually(() => client.heard === "one");

  proxy.drop();
  await eventually(() => client.isClosed);
  const refused = connect();
  await eventually(() => refused.isClosed);
  proxy.heal();
  const next = connect();
  next.socket.write("two");
  await eventually(() => next.heard === "two");
});

test("tcp proxy: a delay, everything arrives in order and late", async () => {
  await using resources = new AsyncDisposableStack();
  const { proxy, connect } = await startEcho(resources);
  proxy.delay(30);
  const client = connect();
  const begun = performance.now();
  client.socket.write("one");
  await eventually(() => client.heard === "one");
  client.socket.write("two");
  await eventually(() => client.heard === "onetwo");
  expect(performance.now() - begun).toBeGreaterThan(100);
});
