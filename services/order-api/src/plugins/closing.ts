import type { Socket } from "node:net";
import type { App } from "../dependencies.ts";

/** For who has just connected to send a request. */
const silentGraceMs = 500;

/**
 * Lets the server close once its last answer is sent. It waits for every connection, and by itself for those, too, that a
 * client keeps open behind an answer (72 s), or opened in advance and has asked nothing on, as browsers do (90 s).
 */
export function closeConnections(app: App): void {
  let isClosing = false;
  const silent = new Set<Socket>();
  app.server.on("connection", (socket: Socket) => {
    silent.add(socket);
    socket.once("close", () => silent.delete(socket));
  });
  app.server.on("request", ({ socket }) => silent.delete(socket));
  app.addHook("preClose", async () => {
    isClosing = true;
    setTimeout(() => {
      for (const socket of silent) socket.destroy();
    }, silentGraceMs);
  });
  app.addHook("onSend", async (_request, reply) => {
    if (isClosing) reply.header("connection", "close");
  });
  app.addHook("onResponse", async () => {
    // An answer that began before the close did promised to keep its connection.
    if (isClosing) app.server.closeIdleConnections();
  });
}
