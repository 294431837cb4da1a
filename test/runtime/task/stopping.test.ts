import { expect } from 'chai';
import { DrainFailedError, Stopping } from '../../../runtime/task/stopping.js';

describe('a subtask that is to end with a savepoint', () => {
  let ends: boolean[];
  let stopping: Stopping;

  beforeEach(() => {
    ends = [];
    stopping = new Stopping((drain) => void ends.push(drain));
  });

  it('stands still until the savepoint is complete, then ends as it is', () => {
    expect(stopping.holds).to.equal(false);
    stopping.ask(3, 'suspend');
    stopping.completed(2);
    expect(stopping).to.include({ holds: true, suspended: false });
    stopping.completed(3);
    stopping.completed(4);
    expect(stopping).to.include({ holds: false, suspended: true });
    expect(ends).to.deep.equal([false]);
  });

  it('ends as at the end of its input when it is drained', () => {
    stopping.ask(3, 'drain');
    stopping.completed(3);
    expect(stopping).to.include({ holds: false, suspended: false });
    expect(ends).to.deep.equal([true]);
  });

  it('goes on without the savepoint, and can be asked again', () => {
    stopping.ask(3, 'suspend');
    expect(stopping.aborted(2)).to.equal(undefined);
    expect(stopping.holds).to.equal(true);
    expect(stopping.aborted(3)).to.equal(undefined);
    expect(stopping.holds).to.equal(false);
    stopping.ask(4, 'suspend');
    stopping.completed(4);
    expect(ends).to.deep.equal([false]);
  });

  it('cannot go on when its time has come to an end', () => {
    stopping.ask(3, 'drain');
    expect(stopping.aborted(3)).to.be.instanceOf(DrainFailedError);
  });
});
