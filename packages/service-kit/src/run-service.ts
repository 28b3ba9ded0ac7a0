import closeWithGrace from "close-with-grace";
import { ConfigError } from "./config-error.ts";
import { watchEventLoop } from "./event-loop-watchdog.ts";
import { armFailpoints } from "./failpoint.ts";
import { observeProcess } from "./process-metrics.ts";
import type { ServicePhase } from "./readiness.ts";
import { type CommonConfig, createServiceContext, type ServiceContext } from "./service-context.ts";
import { stopTelemetry } from "./telemetry.ts";

/** sysexits' EX_CONFIG: starting again with the same configuration cannot help. */
const configExitCode = 78;

export interface ServiceDefinition<Config extends CommonConfig> {
  readonly name: string;
  /** Throws ConfigError for an environment that does not make a configuration. */
  readonly readConfig: (environment: NodeJS.ProcessEnv) => Config;
  /** Acquires everything onto the context's resources; the service is ready once it resolves. */
  readonly start: (context: ServiceContext<Config>) => Promise<void>;
}

/**
 * Runs a service from its configuration to its exit; resolves once it has started. SIGTERM, SIGINT or an unexpected
 * error end it: not ready any more, resources released in reverse, telemetry flushed, all within
 * SHUTDOWN_GRACE_MS; a second signal ends it at once. So does an event loop that stood still for EVENT_LOOP_LIMIT_MS: others
 * have taken over what it held. Exit codes: 0 after a clean stop, 1 after a failure, 78 for a bad
 * configuration.
 */
export async function runService<Config extends CommonConfig>(service: ServiceDefinition<Config>): Promise<void> {
  const config = readConfigOf(service);
  if (!config) return;
  observeProcess();
  const life = createLife(service.name, config);
  const { logger, instanceId } = life.context;
  const { TIRAGE_FAILPOINTS, TIRAGE_FAILPOINT_SEED } = process.env;
  armFailpoints({ text: TIRAGE_FAILPOINTS, seed: TIRAGE_FAILPOINT_SEED, instanceId });
  const grace = closeWithGrace(
    {
      delay: config.SHUTDOWN_GRACE_MS,
      logger: false,
      onTimeout: (graceMs) => logger.error({ graceMs }, "stopping took longer than its grace; exiting now"),
      onSecondSignal: (signal) => logger.warn({ signal }, "second signal; exiting now"),
      onSecondError: (error) => logger.fatal({ err: error }, "another error while stopping; exiting now"),
    },
    life.stop,
  );
  watchEventLoop({
    limitMs: config.EVENT_LOOP_LIMIT_MS,
    onSilence: (silentMs) => {
      const error = new Error(`the event loop stood still for ${silentMs} ms`);
      if (life.failed(error, "event loop was blocked: service stops, since others go on with what it held"))
        grace.close();
    },
  });
  try {
    await service.start(life.context);
    life.started();
  } catch (error) {
    if (life.failed(error, "service could not start")) grace.close();
  }
}

/** Undefined, with the reason on stderr, when the environment does not make a configuration. */
function readConfigOf<Config extends CommonConfig>(service: ServiceDefinition<Config>): Config | undefined {
  try {
    return service.readConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const line of error.lines) process.stderr.write(`${service.name}: ${line}\n`);
    process.exitCode = configExitCode;
    return undefined;
  }
}

/** The phases of one service: starting, then started, then stopping, which may come at any time and is final. */
function createLife<Config extends CommonConfig>(name: string, config: Config) {
  let phase: ServicePhase = "starting";
  let failure: unknown;
  const { context, operations } = createServiceContext(name, config, () => phase);
  const { logger, resources, version, startedAt } = context;

  return {
    context,
    started() {
      if (phase !== "starting") return;
      phase = "started";
      logger.info({ version, startupMs: Date.now() - startedAt.getTime() }, "service is started");
    },
    /** False when it was stopping anyway: then what it was acquiring was taken from under it. */
    failed(error: unknown, complaint: string): boolean {
      if (phase === "stopping") return false;
      failure = error;
      logger.fatal({ err: error }, complaint);
      return true;
    },
    async stop({ err, signal }: { err?: Error; signal?: string }) {
      phase = "stopping";
      if (err) logger.fatal({ err }, "service is stopping after an unexpected error");
      else if (!failure) logger.info({ signal }, "service is stopping");
      try {
        await resources.disposeAsync();
        // Last, so that an orchestrator sees "alive, but not ready" while the rest is released.
        await operations[Symbol.asyncDispose]();
      } catch (error) {
        failure ??= error;
        logger.error({ err: error }, "a resource could not be released");
      }
      await stopTelemetry();
      // close-with-grace turns this into exit code 1.
      if (failure) throw failure;
      if (!err) logger.info({}, "service has stopped");
    },
  };
}
