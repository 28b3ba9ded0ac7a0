import { uniform } from "../deterministic.ts";
import type { Provider } from "../submission.ts";
import { describeFault, type FaultStage } from "./catalogue.ts";
import type { FaultRule } from "./fault-rule.ts";

/** A rule with how many occasions it met, how many of them it struck and when, of late. */
type DialledRule = FaultRule & {
  readonly occasions: number;
  readonly strikes: number;
  readonly struckAt: readonly string[];
};

/** The newest strikes whose times a rule keeps. */
const keptStrikes = 1_000;

/** What is about to happen, and to whom. */
interface Occasion {
  readonly stage: FaultStage;
  readonly provider: Provider;
  readonly model: string;
  /** The seed in the input, where the input is known and has one. */
  readonly inputSeed?: unknown;
}

/** The rules in force. */
export interface FaultDials {
  /** The first rule that strikes this occasion; rules after it do not see it. */
  strike(occasion: Occasion): FaultRule | undefined;
  /** All rules that strike this occasion. */
  strikeAll(occasion: Occasion): FaultRule[];
  set(rules: readonly FaultRule[]): void;
  list(): DialledRule[];
}

interface RuleState {
  readonly rule: FaultRule;
  readonly position: number;
  occasions: number;
  strikes: number;
  readonly struckAt: number[];
}

/** Whether a rule strikes depends on the seed, the rule's place in the list and how many occasions it met, and on nothing else. */
export function createFaultDials(seed: () => number): FaultDials {
  let states: RuleState[] = [];

  function* striking({ stage, provider, model, inputSeed }: Occasion): Generator<FaultRule> {
    for (const state of states) {
      const { rule } = state;
      const description = describeFault(rule.fault);
      if (description.stage !== stage || (description.provider ?? provider) !== provider) continue;
      if ((rule.provider ?? provider) !== provider || (rule.model ?? model) !== model) continue;
      if (rule.inputSeed !== undefined && rule.inputSeed !== inputSeed) continue;
      if (isStruck(state, seed())) yield rule;
    }
  }

  return {
    strike(occasion) {
      for (const rule of striking(occasion)) return rule;
      return undefined;
    },
    strikeAll: (occasion) => [...striking(occasion)],
    set(rules) {
      states = rules.map((rule, position) => ({ rule, position, occasions: 0, strikes: 0, struckAt: [] }));
    },
    list: () =>
      states.map(({ rule, occasions, strikes, struckAt }) => {
        return { ...rule, occasions, strikes, struckAt: struckAt.map((at) => new Date(at).toISOString()) };
      }),
  };
}

/** Counts the occasion, and the strike if it is one. */
function isStruck(state: RuleState, sandboxSeed: number): boolean {
  const { skip = 0, every = 1, probability = 1, times = Number.POSITIVE_INFINITY, seed = sandboxSeed } = state.rule;
  state.occasions += 1;
  const eligible = state.occasions - skip;
  if (eligible < 1 || eligible % every !== 0 || state.strikes >= times) return false;
  if (probability < 1 && uniform(seed, "fault", state.position, state.occasions) >= probability) return false;
  state.strikes += 1;
  state.struckAt.push(Date.now());
  if (state.struckAt.length > keptStrikes) state.struckAt.shift();
  return true;
}
