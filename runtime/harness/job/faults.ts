import { FlinkError, SeededRandom } from '#core';

/** What a fault that a test asked for makes of the record at which it strikes, or of a checkpoint. */
export class InjectedFaultError extends FlinkError {
  constructor(readonly fault: string) {
    super({
      code: 'INJECTED_FAULT',
      message: `the test let this happen: ${fault}`,
      action: 'Nothing is wrong: the test that runs the job asked for it.',
      blame: 'user',
      retriable: true,
    });
  }
}

/** At which record of an operator something happens. */
export interface FaultPlace {
  /** The operator's name, as in the plan; or a part of it. */
  readonly operator: string;
  /** It happens at the record after so many; all subtasks, and all attempts, are counted together. */
  readonly afterRecords: number;
}

/** What goes wrong in a job that is tested; each happens once. */
export type Fault =
  | ({ readonly kind: 'failOperator' | 'killTaskManager' } & FaultPlace)
  /** The checkpoint of that number, from 1, is declined. */
  | { readonly kind: 'failCheckpoint'; readonly checkpointId: number };

/** The operator fails at a record. */
export function failOperator(operator: string, afterRecords: number): Fault {
  return { kind: 'failOperator', operator, afterRecords };
}

/** The TaskManager is lost, with all that it runs, when the operator comes to a record; a new one takes its place. */
export function killTaskManager(operator: string, afterRecords: number): Fault {
  return { kind: 'killTaskManager', operator, afterRecords };
}

/** The checkpoint of that number, from 1, fails. */
export function failCheckpoint(checkpointId: number): Fault {
  return { kind: 'failCheckpoint', checkpointId };
}

/** As many failures and losses as asked for, of any of the operators, each within so many records: the same for the same seed. */
export function seededFaults(
  seed: number,
  options: { readonly operators: readonly string[]; readonly count: number; readonly withinRecords: number },
): readonly Fault[] {
  const random = new SeededRandom(seed);
  const below = (limit: number): number => Math.floor(random.next() * limit);
  return Array.from({ length: options.count }, (): Fault => {
    const operator = options.operators[below(options.operators.length)] ?? '';
    const afterRecords = below(options.withinRecords);
    return below(2) === 0 ? failOperator(operator, afterRecords) : killTaskManager(operator, afterRecords);
  });
}
