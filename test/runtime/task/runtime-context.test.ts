import { expect } from 'chai';
import { IntCounter } from '#api';
import { AccumulatorNameError } from '../../../runtime/task/runtime-context.js';
import { testContext } from '../../support/runtime-context.js';

describe('the runtime context of an operator', () => {
  it('names the operator and its subtask as Flink does', () => {
    const context = testContext('Map');
    expect([context.taskName, context.taskNameWithSubtasks]).to.deep.equal(['Map', 'Map (1/1)']);
  });

  it('keeps accumulators by name', () => {
    const context = testContext('Map');
    const counter = new IntCounter();
    context.addAccumulator('seen', counter);
    expect(context.getAccumulator('seen')).to.equal(counter);
  });

  it('says when a name is taken, or unknown', () => {
    const context = testContext('Map');
    context.addAccumulator('seen', new IntCounter());
    expect(() => {
      context.addAccumulator('seen', new IntCounter());
    }).to.throw(AccumulatorNameError, 'accumulator "seen" is registered already');
    expect(() => context.getAccumulator('missing')).to.throw(AccumulatorNameError, 'accumulator "missing" is not registered');
  });
});
