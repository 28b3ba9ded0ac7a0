import "@tirage/service-kit/register";
import { runService } from "@tirage/service-kit";
import { readConfig } from "./config.ts";
import { start } from "./start.ts";

await runService({ name: "status-aggregator", readConfig, start });
