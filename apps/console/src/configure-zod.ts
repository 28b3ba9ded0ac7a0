/** To be imported before anything that makes a schema. */
import { z } from "zod";

// Else each object schema tries, as it is made, whether it may compile code, which is against the Content-Security-Policy.
z.config({ jitless: true });
