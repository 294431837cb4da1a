import { DuplicateUidError, ForwardPartitioningError, InvalidProgramError } from '../errors.js';
import { outputTypeOf } from './declared-type.js';
import { checkLoops } from './check-iterations.js';
import { shownOperation, type Operation, type StreamInput } from './operation.js';
import { WatermarkStrategy } from '../time/watermark-strategy.js';
import type {
  ExecutionSettings,
  OperatorSpec,
  Partitioning,
  RequestedRuntimeMode,
  RuntimeMode,
  StreamEdge,
  StreamGraph,
  StreamNode,
} from './stream-graph.js';

/** The slot sharing group of operators that name none. */
export const DEFAULT_SLOT_SHARING_GROUP = 'default';

/** What the environment adds to the operations. */
export interface GraphOptions {
  readonly name: string;
  readonly runtimeMode: RequestedRuntimeMode;
  readonly settings: Omit<ExecutionSettings, 'runtimeMode'>;
  readonly bufferTimeoutMs: number;
  /** Whether sources without watermarks of their own give records the time at which they come in. */
  readonly ingestionTime: boolean;
}

/**
 * Makes the graph of a job out of operations and all that they read, directly or not.
 *
 * Throws `DuplicateUidError`, `ForwardPartitioningError`, `InvalidProgramError` (user).
 */
export function buildStreamGraph(operations: readonly Operation[], options: GraphOptions): StreamGraph {
  const ordered = withAllInputs(operations);
  const nodes = new Map<Operation, StreamNode>();
  const edges: StreamEdge[] = [];
  for (const operation of ordered) {
    const node = nodeOf(operation, nodes, options);
    nodes.set(operation, node);
    operation.inputs.forEach((united, input) => {
      for (const source of united) edges.push(edgeOf(source, operation, input, nodes));
    });
  }
  checkUids(ordered);
  const runtimeMode = runtimeModeOf(options.runtimeMode, ordered);
  checkLoops(ordered, runtimeMode);
  const settings = { ...options.settings, runtimeMode };
  return { name: options.name, settings, nodes: [...nodes.values()], edges };
}

/** Inputs come before what reads them, since a program makes them first: the tail of a loop is the last of it. */
function withAllInputs(operations: readonly Operation[]): Operation[] {
  const found = new Set<Operation>();
  const open = [...operations];
  for (let operation = open.pop(); operation; operation = open.pop()) {
    if (found.has(operation)) continue;
    found.add(operation);
    for (const { from } of operation.inputs.flat()) open.push(from);
    open.push(...operation.tails);
  }
  return [...found].sort((a, b) => a.position - b.position);
}

function nodeOf(operation: Operation, nodes: ReadonlyMap<Operation, StreamNode>, options: GraphOptions): StreamNode {
  checkMaxParallelism(operation, options.settings.maxParallelism);
  const head = operation.head === undefined ? undefined : nodes.get(operation.head);
  const inputs = operation.inputs.flat().map(({ from }) => nodes.get(from)!);
  return {
    id: nodes.size + 1,
    spec: head === undefined ? specOf(operation.spec, options) : { kind: 'iterationTail', head: head.id },
    name: operation.name,
    uid: operation.uid,
    uidHash: operation.uidHash,
    parallelism: (operation.head ?? operation).parallelism,
    maxParallelism: (operation.head ?? operation).maxParallelism ?? options.settings.maxParallelism,
    slotSharingGroup: head?.slotSharingGroup ?? operation.slotSharingGroup ?? groupOf(inputs),
    chaining: operation.chaining,
    bufferTimeoutMs: operation.bufferTimeoutMs ?? options.bufferTimeoutMs,
    outputType: outputTypeOf(operation),
  };
}

function specOf(spec: OperatorSpec, { ingestionTime }: GraphOptions): OperatorSpec {
  if (spec.kind !== 'source' || spec.watermarks !== undefined || !ingestionTime) return spec;
  return { ...spec, watermarks: WatermarkStrategy.forIngestionTime() };
}

function checkMaxParallelism(operation: Operation, ofJob: number | undefined): void {
  const maxParallelism = operation.maxParallelism ?? ofJob;
  if (maxParallelism === undefined || operation.parallelism <= maxParallelism) return;
  throw new InvalidProgramError(
    `The maximum parallelism (${maxParallelism}) of the stream node ${shownOperation(operation)}` +
      ` is smaller than the parallelism (${operation.parallelism}).`,
    'Increase the maximum parallelism or decrease the parallelism of this operator.',
  );
}

/** An operator joins the group of its inputs when they agree. */
function groupOf(inputs: readonly StreamNode[]): string {
  const groups = new Set(inputs.map((node) => node.slotSharingGroup));
  const [first] = groups;
  return groups.size === 1 && first !== undefined ? first : DEFAULT_SLOT_SHARING_GROUP;
}

function edgeOf(source: StreamInput, operation: Operation, input: number, nodes: ReadonlyMap<Operation, StreamNode>): StreamEdge {
  const from = nodes.get(source.from)!;
  const to = nodes.get(operation)!;
  return { from: from.id, to: to.id, input, partitioning: partitioningOf(source, operation), outputTag: source.outputTag };
}

function partitioningOf(source: StreamInput, operation: Operation): Partitioning {
  const sameParallelism = source.from.parallelism === operation.parallelism;
  if (source.partitioning === undefined) return { kind: sameParallelism ? 'forward' : 'rebalance' };
  if (source.partitioning.kind === 'forward' && !sameParallelism) {
    throw new ForwardPartitioningError(withParallelism(source.from), withParallelism(operation));
  }
  return source.partitioning;
}

function withParallelism(operation: Operation): string {
  return `${shownOperation(operation)} parallelism: ${operation.parallelism}`;
}

function checkUids(operations: readonly Operation[]): void {
  const seen = new Set<string>();
  for (const { uid } of operations) {
    if (uid === undefined) continue;
    if (seen.has(uid)) throw new DuplicateUidError(uid);
    seen.add(uid);
  }
}

function runtimeModeOf(requested: RequestedRuntimeMode, operations: readonly Operation[]): RuntimeMode {
  if (requested === 'STREAMING') return requested;
  const unbounded = operations.find(({ spec }) => spec.kind === 'source' && spec.source.boundedness === 'unbounded');
  if (!unbounded) return 'BATCH';
  if (requested === 'AUTOMATIC') return 'STREAMING';
  throw new InvalidProgramError(
    `Detected an UNBOUNDED source with the 'execution.runtime-mode' set to 'BATCH': "${unbounded.name}"`,
    "Set the 'execution.runtime-mode' to STREAMING, or use a source that ends.",
  );
}
