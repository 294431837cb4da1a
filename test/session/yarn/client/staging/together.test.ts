import { expect } from 'chai';
import { together } from '../../../../../session/yarn/client/staging/together.js';
import { rejection } from '../../../../support/rejection.js';

describe('session/yarn/client/staging/together', () => {
  it('answers what all steps answer', async () => {
    expect(await together([Promise.resolve(1), Promise.resolve(2)], () => {})).to.deep.equal([1, 2]);
  });

  it('rejects with the first failure, once those that were told to stop have stopped', async () => {
    const events: string[] = [];
    let stop = (): void => {};
    const slow = new Promise<void>((_, reject) => {
      stop = () => {
        setImmediate(() => {
          events.push('stopped');
          reject(new Error('given up'));
        });
      };
    });
    const error = await rejection(
      together([slow, Promise.reject(new Error('full'))], (reason) => {
        events.push((reason as Error).message);
        stop();
      }),
    );
    expect(error).to.have.property('message', 'full');
    expect(events).to.deep.equal(['full', 'stopped']);
  });
});
