import { expect } from 'chai';
import { FlinkError, type JobId } from '#core';
import { JobFailedError, ProgramFailedError } from '#session';
import type { SerializedError } from '#runtime';
import { reportError } from '../../cli/report-error.js';

const JOB_ID = 'a'.repeat(32) as JobId;

function reported(error: unknown, verbose = false): readonly string[] {
  const lines: string[] = [];
  reportError({ print: () => undefined, printError: (line) => void lines.push(line), columns: 100 }, error, verbose);
  return lines;
}

function serialized(fields: Partial<SerializedError>): SerializedError {
  return {
    name: 'Error',
    message: 'm',
    stack: '',
    code: undefined,
    action: undefined,
    blame: undefined,
    retriable: false,
    cause: undefined,
    ...fields,
  };
}

describe('cli/report-error', () => {
  it('shows the error of the user first, with its line, whatever it is wrapped in', () => {
    const own = serialized({ name: 'TypeError', message: 'x is not a function', stack: 'TypeError: x\n    at f (/elsewhere/job.ts:12:9)' });
    const failure = serialized({
      name: 'OperatorFailedError',
      message: 'operator failed',
      code: 'OPERATOR_FAILED',
      action: 'Do this.',
      place: 'operator "Map" (2/4)',
      cause: own,
    });
    expect(reported(new JobFailedError(JOB_ID, failure))).to.deep.equal([
      'TypeError: x is not a function',
      `  at /elsewhere/job.ts:12:9, operator "Map" (2/4), job ${JOB_ID}`,
      '  Do this.',
    ]);
  });

  it('shows errors of ours by their message and action', () => {
    const error = new FlinkError({ code: 'SOME', message: 'it is so', action: 'Change it.', blame: 'external' });
    expect(reported(error)).to.deep.equal(['it is so', '  Change it.']);
    expect(reported(new JobFailedError(JOB_ID, serialized({ message: 'slots', code: 'NO_SLOTS', action: 'Add some.' })))).to.deep.equal([
      'slots',
      `  in job ${JOB_ID}`,
      '  Add some.',
    ]);
  });

  it('shows what main threw, also when it was no error', () => {
    expect(reported(new ProgramFailedError('job.ts', 'just text'))[0]).to.equal('Error: just text');
  });

  it('adds the whole chain only when it is asked to be verbose', () => {
    const lines = reported(new ProgramFailedError('job.ts', new Error('inner')), true);
    expect(lines).to.include(' The program finished with the following exception:');
    expect(lines.filter((line) => line.startsWith('Caused by: '))).to.have.lengthOf(1);
  });
});
