export { createPool, type PoolOptions } from "./create-pool.ts";
export { isDatabaseAtFault } from "./is-database-at-fault.ts";
export { isTransientDatabaseError } from "./is-transient-database-error.ts";
export { migrate } from "./migrate.ts";
export { orderColumns } from "./order-columns.ts";
