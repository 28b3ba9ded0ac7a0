export { createTestDatabase, type TestDatabase } from "./create-test-database.ts";
export { eventually } from "./eventually.ts";
export { startTestNats, type TestNats } from "./start-test-nats.ts";
