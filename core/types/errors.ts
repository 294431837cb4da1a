import { FlinkError } from '../errors.js';

/** A type description that cannot be. */
export class InvalidTypeError extends FlinkError {
  constructor(what: string) {
    super({
      code: 'INVALID_TYPE',
      message: `invalid record type: ${what}`,
      action: 'Build types with "Types" and send them with "typeToJson".',
      blame: 'user',
    });
  }
}

/** A record holds something that cannot be carried to another subtask or kept in state. */
export class UnsupportedRecordError extends FlinkError {
  /** `path` leads to the value inside the record, empty for the record itself; `what` says what is there. */
  constructor(
    readonly path: string,
    readonly what: string,
    readonly className?: string,
  ) {
    const where = path === '' ? 'the record' : `"${path}" of a record`;
    super({
      code: 'UNSUPPORTED_RECORD',
      message: `${where} is ${what}, which cannot be sent or stored`,
      action: adviceFor(what, className),
      blame: 'user',
    });
  }
}

/** What stands in a record where its value has still to come. */
export const PROMISE = 'a promise';

function adviceFor(what: string, className: string | undefined): string {
  if (what === PROMISE) {
    return 'Answer values from functions, not promises: only "main", sources and sink functions may wait for something.';
  }
  return className === undefined
    ? 'Put plain data into records: numbers, strings, booleans, dates, bytes, arrays, maps, sets and plain objects.'
    : `Declare the type, for example .returns(Types.pojo(${className}, { fields: { … } })), or emit a plain object.`;
}

/** A record is not what its declared type says. */
export class DeclaredTypeMismatchError extends FlinkError {
  constructor(
    readonly path: string,
    readonly declared: string,
    readonly shownValue: string,
  ) {
    const where = path === '' ? 'a record is' : `"${path}" of a record is`;
    super({
      code: 'DECLARED_TYPE_MISMATCH',
      message: `${where} declared as "${declared}" but has the value ${shownValue}`,
      action: 'Correct the type given to "returns" or the function that emits the record.',
      blame: 'user',
    });
  }
}
