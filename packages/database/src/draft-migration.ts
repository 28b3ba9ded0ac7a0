// node packages/database/src/draft-migration.ts: prints the SQL from the committed schema.prisma to the one being edited,
// to begin a new prisma/migrations/<time>_<name>/migration.sql with. `prisma migrate dev` needs an engine that npm has not.
import { execFileSync } from "node:child_process";
import { diffSchemas } from "./diff-schemas.ts";
import { readSchema } from "./read-migrations.ts";

const databaseUrl = process.env.DATABASE_URL;
if (!databaseUrl) {
  process.stderr.write("DATABASE_URL is not set: any running Postgres will do, it is not changed\n");
  process.exitCode = 78;
} else {
  const from = execFileSync("git", ["show", "HEAD:./../prisma/schema.prisma"], {
    cwd: import.meta.dirname,
    encoding: "utf8",
  });
  process.stdout.write(await diffSchemas({ databaseUrl, from, to: await readSchema() }));
}
