import { finishedShape, inFlightShape, operatorSnapshotShape } from '../control/checkpoint-shapes.js';
import { MalformedMessageError } from '../control/errors.js';
import { count, listOf, number, object, oneOf, optional, type Shape, text } from '../control/shape.js';

/** What the file must hold, whoever wrote it. */
export const metadataShape: Shape = object({
  checkpointId: count,
  timestampMs: number,
  kind: oneOf('checkpoint', 'savepoint'),
  jobId: text,
  jobName: text,
  writtenBy: text,
  operators: listOf(
    object({
      operatorId: text,
      name: text,
      uid: optional(text),
      vertexId: text,
      parallelism: count,
      maxParallelism: count,
      subtasks: bySubtask(operatorSnapshotShape),
    }),
  ),
  finished: listOf(object({ vertexId: text, name: text, parallelism: count, subtasks: bySubtask(finishedShape) })),
  inFlight: listOf(inFlightShape),
});

function bySubtask(shape: Shape): Shape {
  return (value, where) => {
    if (!(value instanceof Map)) throw new MalformedMessageError(where, 'a map');
    for (const [index, item] of value) {
      count(index, where);
      shape(item, `${where}[${String(index)}]`);
    }
  };
}
