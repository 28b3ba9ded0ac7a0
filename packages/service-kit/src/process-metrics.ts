import { monitorEventLoopDelay } from "node:perf_hooks";
import { meter } from "./metrics.ts";

/** How often the event loop is sampled; the sample itself takes this long when nothing lags. */
const resolutionMs = 20;
const nanosecondsPerMs = 1_000_000;
const microsecondsPerSecond = 1_000_000;

/** What the process costs. The event-loop lag covers the time since the metrics were last read. */
export function observeProcess(): void {
  meter
    .createObservableGauge("process_resident_memory_bytes", { description: "Resident memory of the process." })
    .addCallback((result) => result.observe(process.memoryUsage.rss()));

  meter
    .createObservableCounter("process_cpu_seconds_total", { description: "User and system CPU time of the process." })
    .addCallback((result) => {
      const { user, system } = process.cpuUsage();
      result.observe((user + system) / microsecondsPerSecond);
    });

  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  delays.enable();
  meter
    .createObservableGauge("event_loop_lag_ms", { description: "How late timers run, 99th percentile." })
    .addCallback((result) => {
      const lagMs = delays.count === 0 ? 0 : delays.percentile(99) / nanosecondsPerMs - resolutionMs;
      result.observe(Math.max(0, lagMs), { quantile: "0.99" });
      delays.reset();
    });
}
