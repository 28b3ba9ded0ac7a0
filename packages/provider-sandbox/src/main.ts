import { ConfigError, readConfig } from "./config.ts";
import { createProviderSandbox } from "./index.ts";

/** sysexits' EX_CONFIG: starting again without a change cannot help. */
const configExitCode = 78;

try {
  const config = readConfig(process.env);
  const sandbox = await createProviderSandbox(config);
  writeLog("provider sandbox is ready", { url: sandbox.url });
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      writeLog("provider sandbox is stopping", { signal });
      void sandbox.close();
    });
  }
} catch (error) {
  process.exitCode = error instanceof ConfigError ? configExitCode : 1;
  process.stderr.write(`provider-sandbox: ${describeFailure(error)}\n`);
}

function writeLog(message: string, fields: object): void {
  process.stdout.write(
    `${JSON.stringify({ level: 30, time: Date.now(), service: "provider-sandbox", ...fields, msg: message })}\n`,
  );
}

function describeFailure(error: unknown): string {
  const { code, port, message } = error as NodeJS.ErrnoException & { port?: number };
  return code === "EADDRINUSE" ? `port ${port} is in use; set PORT to another one` : message;
}
