import type { JobGraph } from '../plan/job-graph.js';
import type { CheckpointMetadata, OperatorMetadata } from './metadata.js';

interface ProgramOperator {
  readonly operatorId: string;
  readonly name: string;
  readonly uid?: string | undefined;
  readonly parallelism: number;
}

/** Both sides of a restore that do not fit, for people: who has state, who could take it, and who was likely renamed. */
export function describeDifference(metadata: CheckpointMetadata, graph: JobGraph, unclaimed: readonly OperatorMetadata[]): string {
  const program = graph.vertices.flatMap(({ operators, parallelism }) => operators.map((operator) => ({ ...operator, parallelism })));
  const saved = metadata.operators.filter(hasState);
  const claimed = new Set(saved.map(({ operatorId }) => operatorId));
  const free = program.filter(({ operatorId }) => !claimed.has(operatorId));
  return [
    `Operators with state in the ${metadata.kind}:`,
    ...saved.map((operator) => `  ${unclaimed.includes(operator) ? '-' : ' '} ${line(operator)}, state: ${statesOf(operator).join(', ')}`),
    'Operators of the program:',
    ...program.map((operator) => `  ${free.includes(operator) ? '+' : ' '} ${line(operator)}`),
    ...renames(unclaimed, free),
  ].join('\n');
}

/** Whether something would be lost without the operator. */
export function hasState({ subtasks }: OperatorMetadata): boolean {
  return [...subtasks.values()].some(({ keyed, lists }) => (keyed?.segments.length ?? 0) > 0 || hasElements(lists));
}

function hasElements(lists: Readonly<Record<string, { readonly count: number }>>): boolean {
  return Object.values(lists).some(({ count }) => count > 0);
}

function line({ operatorId, uid, name, parallelism }: ProgramOperator): string {
  return `${operatorId} ${uid === undefined ? '(no uid)' : `uid "${uid}"`} "${name}", parallelism ${parallelism}`;
}

function statesOf({ subtasks }: OperatorMetadata): readonly string[] {
  const names = new Set<string>();
  for (const { keyed, lists } of subtasks.values()) {
    for (const { name, kind } of keyed?.states ?? []) names.add(`${kind} "${name}"`);
    for (const [name, { mode }] of Object.entries(lists)) names.add(`${mode} list "${name}"`);
  }
  return names.size === 0 ? ['keyed'] : [...names];
}

/** An operator without state that has the same name, or the only one left over, is likely the former one. */
function renames(unclaimed: readonly OperatorMetadata[], free: readonly ProgramOperator[]): readonly string[] {
  const lines = unclaimed.flatMap((saved) => {
    const sameName = free.filter(({ name }) => name === saved.name);
    const [likely] = sameName.length > 0 ? sameName : onlyOf(unclaimed, free);
    if (!likely) return [];
    const cure = saved.uid === undefined ? `uidHash "${saved.operatorId}"` : `uid "${saved.uid}"`;
    return [`  "${saved.name}" may now be "${likely.name}": give that operator the ${cure}`];
  });
  return lines.length === 0 ? [] : ['Likely renamed:', ...lines];
}

function onlyOf(unclaimed: readonly OperatorMetadata[], free: readonly ProgramOperator[]): readonly ProgramOperator[] {
  return unclaimed.length === 1 && free.length === 1 ? free : [];
}
