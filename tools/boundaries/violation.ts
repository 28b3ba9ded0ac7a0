/** One thing that is against the rules, and where. */
export interface Violation {
  /** From the repository's root. */
  file: string;
  /** From 1. */
  line: number;
  rule: string;
  /** What was found, why it is forbidden, what to do instead. */
  reason: string;
}
