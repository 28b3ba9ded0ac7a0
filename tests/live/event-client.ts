/** Clients of event streams on plain sockets: cheap enough for thousands, and able to stop reading altogether. */
import { get, type IncomingMessage } from "node:http";

export interface EventClient extends Disposable {
  /** Events heard, by name; a product counts under its id, too. */
  readonly heard: ReadonlyMap<string, number>;
  /** The server ended the stream or cut the connection. */
  readonly isOver: boolean;
}

/** Reads every event. Resolves once the stream has begun. */
export async function followEvents(url: string): Promise<EventClient> {
  const response = await open(url);
  const heard = new Map<string, number>();
  const count = (name: string) => heard.set(name, (heard.get(name) ?? 0) + 1);
  let rest = "";
  let isOver = false;
  response.setEncoding("utf8").on("data", (text: string) => {
    const frames = (rest + text).split("\n\n");
    rest = frames.pop() ?? "";
    for (const frame of frames) {
      const name = /^event: (.*)$/m.exec(frame)?.[1];
      if (name === undefined) continue;
      count(name);
      if (name === "product") count(/"id":"([^"]+)"/.exec(frame)?.[1] ?? "");
    }
  });
  response.on("close", () => {
    isOver = true;
  });
  response.on("error", () => undefined);
  return {
    heard,
    get isOver() {
      return isOver;
    },
    [Symbol.dispose]: () => response.destroy(),
  };
}

/** Takes the head of the answer and reads nothing more. */
export async function stall(url: string): Promise<Disposable> {
  const response = await open(url);
  response.pause();
  response.socket.pause();
  response.on("error", () => undefined);
  return { [Symbol.dispose]: () => response.destroy() };
}

function open(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, resolve).on("error", reject);
  });
}
