import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { healthQuery } from "../../api/health.ts";
import { reachability } from "../../api/reachability.ts";
import { Badge } from "../../components/status-badge.tsx";

/** In one word how the installation is, with the way to the whole of it. */
export function HealthLine() {
  const { data } = useQuery(healthQuery);
  const { isReachable } = reachability.use();
  const isWhole = isReachable && data?.status === "ok";
  return (
    <Link to="/health" className="-ml-3 flex items-center gap-2 rounded-lg px-3 py-2 text-sm hover:bg-raised">
      {data && (
        <Badge tone={isWhole ? "good" : "warn"} icon={isWhole ? "check" : "alert"}>
          {isWhole ? "All services up" : isReachable ? "Something is away" : "The API is away"}
        </Badge>
      )}
      <span className="link">Health</span>
    </Link>
  );
}
