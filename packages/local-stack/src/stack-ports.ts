import { findFreePort, isPortFree } from "./infrastructure/index.ts";
import { listServiceNames } from "./plan-services.ts";
import { StackError } from "./stack-error.ts";

/** Where a developer finds a process unless something else is there already. */
const usualPorts: Record<string, number> = {
  dispatcher: 8081,
  "generator-1": 8082,
  "status-aggregator": 8083,
  "provider-sandbox": 8090,
};

/**
 * A port for every process. The API's is a promise: when it is taken, that is a StackError. The others have a usual
 * port beside a fixed API port, and any free one otherwise.
 */
export async function choosePorts(apiPort: number, generators: number): Promise<Record<string, number>> {
  const ports: Record<string, number> = {};
  const isTaken = (port: number) => Object.values(ports).includes(port);
  ports["order-api"] = apiPort === 0 ? await findFreePort() : await claimApiPort(apiPort);
  for (const name of [...listServiceNames(generators).slice(1), "provider-sandbox"]) {
    const usual = apiPort === 0 ? undefined : usualPorts[name];
    const isUsable = usual !== undefined && !isTaken(usual) && (await isPortFree(usual));
    let port = isUsable ? usual : await findFreePort();
    while (isTaken(port)) port = await findFreePort();
    ports[name] = port;
  }
  return ports;
}

/** `localhost` is tried as ::1 first by many programs: a server there would answer in our place. */
async function claimApiPort(port: number): Promise<number> {
  for (const host of ["127.0.0.1", "::1"]) {
    if (!(await isPortFree(port, host))) {
      throw new StackError(`port ${port} is in use: choose another one with --port (npm start -- --port ${port + 10})`);
    }
  }
  return port;
}
