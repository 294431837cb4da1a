import { invariant } from '#core';
import { DuplicateStateError, StateMigrationError } from '../heap/errors.js';
import { Incompatible } from '../heap/type-evolution.js';
import { MOST_STATES } from './entry-keys.js';
import { describe, type LsmSpec } from './lsm-spec.js';
import { LsmState } from './lsm-state.js';

/** The states of an operator by name: those the program has asked for, and those that were restored and wait to be. */
export class LsmStates {
  readonly #byName = new Map<string, LsmState>();
  readonly #byId: LsmState[] = [];

  constructor(private readonly operatorName: string) {}

  get all(): readonly LsmState[] {
    return this.#byId;
  }

  byId(id: number): LsmState | undefined {
    return this.#byId[id];
  }

  /** A state that is restored, or the one of that name that was restored before. */
  restored(spec: LsmSpec): LsmState {
    return this.#byName.get(spec.name) ?? this.#add(spec);
  }

  /** What the program is given for a state, the same each time. Throws {@link DuplicateStateError}, {@link StateMigrationError}. */
  asked<T extends object>(spec: LsmSpec, nowMs: number, make: (state: LsmState) => T): T {
    const state = this.#byName.get(spec.name) ?? this.#add(spec);
    const known = describe(state.spec);
    if (state.given !== undefined) {
      if (state.spec.kind !== spec.kind) throw new DuplicateStateError(this.operatorName, spec.name, known, describe(spec));
      return state.given as T;
    }
    const problem = become(state, spec, nowMs);
    if (problem !== undefined) throw new StateMigrationError(this.operatorName, spec.name, known, describe(spec), problem.problem);
    state.spec = spec;
    const given = make(state);
    state.given = given;
    return given;
  }

  #add(spec: LsmSpec): LsmState {
    invariant(this.#byId.length < MOST_STATES, `an operator has at most ${MOST_STATES} states`);
    const state = new LsmState(this.#byId.length, spec);
    this.#byId.push(state);
    this.#byName.set(spec.name, state);
    return state;
  }
}

function become({ spec: stored, form }: LsmState, declared: LsmSpec, nowMs: number): Incompatible | undefined {
  if (stored.kind !== declared.kind) return new Incompatible(`a ${stored.kind} state cannot become a ${declared.kind} state`);
  return form.become(declared.type, declared.expires, nowMs);
}
