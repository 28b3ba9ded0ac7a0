export { createPool, type PoolOptions } from "./create-pool.ts";
export { isTransientDatabaseError } from "./is-transient-database-error.ts";
export { migrate } from "./migrate.ts";
export { type OrderRow, orderColumns, orderRowToOrder, readProgress } from "./order-row.ts";
