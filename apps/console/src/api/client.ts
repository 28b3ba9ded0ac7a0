import { createClient } from "@tirage/client";

/** Of the page's own origin. A failure is shown early, and the page tries again by itself: see reachability.ts. */
export const client = createClient({ baseUrl: "", retries: 1 });
