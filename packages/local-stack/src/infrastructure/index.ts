export { type FindNatsOptions, findNatsServer, type NatsServer } from "./find-nats-server.ts";
export { findFreePort, isPortFree } from "./free-port.ts";
export { images } from "./images.ts";
export { type NatsOptions, type RunningNats, startNats } from "./start-nats.ts";
export { type PostgresOptions, type RunningPostgres, startPostgres } from "./start-postgres.ts";
export type { ProcessEnd } from "./stop-process.ts";
