export { createTestDatabase, type TestDatabase } from "./create-test-database.ts";
export { eventually } from "./eventually.ts";
export { type ServiceProcess, startServiceProcess } from "./service-process.ts";
export { startTestNats, type TestNats } from "./start-test-nats.ts";
export { startTcpProxy, type TcpProxy } from "./tcp-proxy.ts";
