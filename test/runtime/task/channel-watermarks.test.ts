import { expect } from 'chai';
import { ChannelWatermarks } from '../../../runtime/task/channel-watermarks.js';

/** The watermarks and changes of status that a subtask of so many channels hears of. */
function heard(channels: number): { readonly watermarks: ChannelWatermarks; readonly told: (number | string)[] } {
  const told: (number | string)[] = [];
  const watermarks = new ChannelWatermarks(channels, {
    onWatermark: (watermark) => told.push(watermark),
    onIdle: (idle) => told.push(idle ? 'idle' : 'active'),
  });
  return { watermarks, told };
}

describe('the watermark of a subtask', () => {
  it('is the least of its channels, and only rises', () => {
    const { watermarks, told } = heard(2);
    watermarks.watermark(0, 5);
    expect(told).to.deep.equal([]);
    watermarks.watermark(1, 3);
    watermarks.watermark(1, 2);
    watermarks.watermark(1, 9);
    expect(told).to.deep.equal([3, 5]);
  });

  it('is not held back by idle channels', () => {
    const { watermarks, told } = heard(2);
    watermarks.watermark(0, 5);
    watermarks.status(1, true);
    expect(told).to.deep.equal([5]);
  });

  it('waits for a channel that comes back only when it has caught up', () => {
    const { watermarks, told } = heard(2);
    watermarks.status(1, true);
    watermarks.watermark(0, 5);
    watermarks.status(1, false);
    watermarks.watermark(0, 6);
    watermarks.watermark(1, 4);
    watermarks.watermark(1, 7);
    watermarks.watermark(0, 9);
    expect(told).to.deep.equal([5, 6, 7]);
  });

  it('is as far as any channel has got when all have become idle', () => {
    const { watermarks, told } = heard(2);
    watermarks.watermark(0, 5);
    watermarks.watermark(1, 3);
    watermarks.status(0, true);
    watermarks.status(1, true);
    expect(told).to.deep.equal([3, 5, 'idle']);
    watermarks.status(1, false);
    expect(told.at(-1)).to.equal('active');
  });
});
