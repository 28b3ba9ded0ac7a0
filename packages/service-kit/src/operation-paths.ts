/** Asked every few seconds by orchestrators and scrapers; never traced. `/healthz` is the older name of `/livez`. */
export const operationPaths = {
  health: "/healthz",
  liveness: "/livez",
  readiness: "/readyz",
  metrics: "/metrics",
} as const;
