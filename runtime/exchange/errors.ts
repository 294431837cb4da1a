import { FlinkError } from '#core';

/** One call of a user's function emitted more than its output can hold back. */
export class OverdraftExceededError extends FlinkError {
  constructor(
    readonly operatorName: string,
    readonly maxSegments: number,
  ) {
    super({
      code: 'OVERDRAFT_EXCEEDED',
      message: `operator "${operatorName}" emitted more records in one call than ${maxSegments} segments hold`,
      action:
        'Return an iterable (such as a generator) from flatMap instead of collecting: it is read no faster than its consumers take it.',
      blame: 'user',
    });
  }
}

/** A custom partitioner chose a subtask that does not exist. */
export class PartitionOutOfRangeError extends FlinkError {
  constructor(
    readonly operatorName: string,
    readonly partition: unknown,
    readonly subtasks: number,
  ) {
    super({
      code: 'PARTITION_OUT_OF_RANGE',
      message: `the partitioner behind operator "${operatorName}" chose subtask ${String(partition)} of ${subtasks}`,
      action: `Answer an integer from 0 to ${subtasks - 1} from the function given to "partitionCustom".`,
      blame: 'user',
    });
  }
}

/** A record cannot be sent to the next operator. */
export class RecordNotSentError extends FlinkError {
  constructor(
    readonly operatorName: string,
    override readonly cause: FlinkError,
  ) {
    super({
      code: cause.code,
      message: `operator "${operatorName}" emitted a record that cannot be sent: ${cause.message}`,
      action: cause.action,
      blame: cause.blame,
      cause,
    });
  }
}

/** The channels of a slot need more segments than the TaskManager has left. */
export class InsufficientNetworkBuffersError extends FlinkError {
  constructor(
    readonly required: number,
    readonly available: number,
    readonly total: number,
    readonly segmentSizeBytes: number,
  ) {
    super({
      code: 'INSUFFICIENT_NETWORK_BUFFERS',
      message:
        `Insufficient number of network buffers: required ${required}, but only ${available} available ` +
        `(${total} of ${segmentSizeBytes} bytes in all)`,
      action:
        'Raise "taskmanager.network.memory.fraction", "taskmanager.network.memory.min" or "taskmanager.network.memory.max", ' +
        'or lower the parallelism of the job.',
      blame: 'external',
    });
  }
}

/** The connection to another TaskManager could not be made, or broke while channels were open. */
export class ConnectionLostError extends FlinkError {
  constructor(
    readonly address: string,
    readonly reason: string,
  ) {
    super({
      code: 'CONNECTION_LOST',
      message: `connection to TaskManager "${address}" was lost: ${reason}`,
      action: 'Look into the log of that TaskManager: it may have been killed, or the network between the machines is interrupted.',
      blame: 'external',
      retriable: true,
    });
  }
}

/** A producer did not appear at its TaskManager in time. */
export class ProducerNotDeployedError extends FlinkError {
  constructor(
    readonly address: string,
    readonly channel: string,
    readonly reason: string,
  ) {
    super({
      code: 'PRODUCER_NOT_DEPLOYED',
      message: `TaskManager "${address}" does not serve channel "${channel}": ${reason}`,
      action: 'Look for the failure of the producing task in the log of that TaskManager.',
      blame: 'internal',
      retriable: true,
    });
  }
}

/** No port of the configured range is free. */
export class DataPortUnavailableError extends FlinkError {
  constructor(
    readonly host: string,
    readonly ports: string,
    override readonly cause: unknown,
  ) {
    super({
      code: 'DATA_PORT_UNAVAILABLE',
      message: `no port of ${ports} can be bound at "${host}": ${cause instanceof Error ? cause.message : String(cause)}`,
      action: 'Set "taskmanager.data.port" to a free port or range, or 0 to let the system choose.',
      blame: 'external',
      cause,
    });
  }
}

/** The network thread of a TaskManager died. */
export class NetworkThreadFailedError extends FlinkError {
  constructor(override readonly cause: unknown) {
    super({
      code: 'NETWORK_THREAD_FAILED',
      message: `the network thread failed: ${cause instanceof Error ? cause.message : String(cause)}`,
      action: 'This is a defect of flink-ts: please report it with the log. The TaskManager has to be started again.',
      blame: 'internal',
      cause,
    });
  }
}
