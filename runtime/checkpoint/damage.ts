import type { SerializedError } from '../control/serialized-error.js';
import { bytesOf } from './handle-walk.js';
import type { BytesHandle, OperatorSnapshot } from './handles.js';
import type { CheckpointMetadata, OperatorMetadata } from './metadata.js';

/** Errors by which a slot tells that a file of the checkpoint it began from does not hold what was written. */
const DAMAGE: ReadonlySet<string | undefined> = new Set(['SNAPSHOT_DAMAGED', 'DAMAGED_STATE', 'STATE_FILE_DAMAGED']);

/** The error, or the cause of it, that tells of a damaged file. */
export function damageIn(error: SerializedError | undefined): SerializedError | undefined {
  if (error === undefined || DAMAGE.has(error.code)) return error;
  return damageIn(error.cause);
}

/** What is wrong with a checkpoint, for people: whose state it is, as far as the path that the text names tells, and the text itself. */
export function describeDamage(metadata: CheckpointMetadata, text: string): string {
  for (const operator of metadata.operators) {
    for (const [subtaskIndex, snapshot] of operator.subtasks) {
      const states = statesAt(snapshot, text);
      if (states !== undefined) return `${states} of ${nameOf(operator, subtaskIndex)}: ${text}`;
    }
  }
  return text;
}

function nameOf({ name, uid, parallelism }: OperatorMetadata, subtaskIndex: number): string {
  return `operator "${name}"${uid === undefined ? '' : `, uid "${uid}"`} (subtask ${subtaskIndex + 1}/${parallelism})`;
}

function statesAt(snapshot: OperatorSnapshot, text: string): string | undefined {
  if (!bytesOf(snapshot).some((bytes) => isNamed(bytes, text))) return undefined;
  const list = Object.entries(snapshot.lists).find(([, { elements }]) => isNamed(elements, text));
  if (list) return `operator state "${list[0]}"`;
  return `keyed state ${(snapshot.keyed?.states ?? []).map(({ name }) => `"${name}"`).join(', ')}`;
}

function isNamed(bytes: BytesHandle, text: string): boolean {
  return bytes.kind === 'file' && text.includes(`"${bytes.path}"`);
}
