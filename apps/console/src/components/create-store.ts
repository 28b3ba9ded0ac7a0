import { useSyncExternalStore } from "react";

/** A value outside the component tree, which components follow with `use`. */
export interface Store<Value> {
  get(): Value;
  set(value: Value): void;
  /** The value as of now; the component renders again when it changes. */
  use(): Value;
}

export function createStore<Value>(initial: Value): Store<Value> {
  let current = initial;
  const listeners = new Set<() => void>();
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  const get = () => current;
  return {
    get,
    set(value) {
      if (Object.is(value, current)) return;
      current = value;
      for (const listener of listeners) listener();
    },
    use: () => useSyncExternalStore(subscribe, get),
  };
}
