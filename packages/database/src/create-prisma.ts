import { PrismaPg } from "@prisma/adapter-pg";
import { createPool, type PoolOptions } from "./create-pool.ts";
import { PrismaClient } from "./generated/client.ts";

export type { Prisma, PrismaClient } from "./generated/client.ts";

/** Prisma client that closes its connections when disposed. */
export type DisposablePrismaClient = PrismaClient & AsyncDisposable;

/**
 * Prisma client over a pool of its own, with the timeouts of `createPool`.
 *
 * For reads; hot writes are SQL through `createPool`. Prisma gives int8 columns as bigint.
 */
export function createPrisma(options: PoolOptions): DisposablePrismaClient {
  const pool = createPool(options);
  const client = new PrismaClient({ adapter: new PrismaPg(pool) });
  return Object.assign(client, {
    async [Symbol.asyncDispose]() {
      await client.$disconnect();
      await pool.end();
    },
  });
}
