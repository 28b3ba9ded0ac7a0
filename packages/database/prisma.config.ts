import { defineConfig } from "prisma/config";

/** What the prisma command line reads. Without DATABASE_URL only offline commands (generate, validate, format) work. */
export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
  datasource: { url: process.env.DATABASE_URL ?? "" },
});
