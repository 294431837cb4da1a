import { FlinkError } from '#core';

/** State that is restored does not fit what the program declares. */
export class StateMigrationError extends FlinkError {
  constructor(
    readonly operatorName: string,
    readonly state: string,
    readonly restored: string,
    readonly declared: string,
    readonly problem: string,
  ) {
    super({
      code: 'STATE_MIGRATION',
      message:
        `state "${state}" of operator "${operatorName}" was restored as ${restored}, and the program declares ${declared}, ` +
        `which is incompatible: ${problem}`,
      action: "Declare the state as it was, give the new one another name, or restore without the operator's state.",
      blame: 'user',
    });
  }
}

/** Two states of an operator have one name. */
export class DuplicateStateError extends FlinkError {
  constructor(
    readonly operatorName: string,
    readonly state: string,
    readonly known: string,
    readonly asked: string,
  ) {
    super({
      code: 'DUPLICATE_STATE',
      message: `operator "${operatorName}" has a state "${state}" already: ${known}; it cannot be ${asked} too`,
      action: 'Give each state of the operator a name of its own.',
      blame: 'user',
    });
  }
}
