import { expect } from 'chai';
import { type CpuProfile, summarise } from '../../../bench/profile/cpu-profile.js';

function frame(functionName: string): CpuProfile['nodes'][number]['callFrame'] {
  return { functionName, url: '', lineNumber: 0, columnNumber: 0 };
}

/* (root) -> (idle), and outer -> inner -> outer */
const PROFILE: CpuProfile = {
  nodes: [
    { id: 1, callFrame: frame('(root)'), children: [2, 3] },
    { id: 2, callFrame: frame('(idle)') },
    { id: 3, callFrame: frame('outer'), children: [4] },
    { id: 4, callFrame: frame('inner'), children: [5], positionTicks: [{ line: 7, ticks: 3 }] },
    { id: 5, callFrame: frame('outer') },
  ],
  samples: [2, 3, 4, 5],
  timeDeltas: [8000, 1000, 2000, 4000],
};

describe('summary of profiles', () => {
  it('has self times, longest first, and total times that count recursion once', () => {
    const { functions } = summarise([PROFILE]);
    expect(functions.map(({ frame: { functionName }, selfMs, totalMs }) => [functionName, selfMs, totalMs])).to.deep.equal([
      ['outer', 5, 7],
      ['inner', 2, 6],
    ]);
  });

  it('adds up the samples of lines', () => {
    expect([...(summarise([PROFILE, PROFILE]).functions[1]?.lines ?? [])]).to.deep.equal([[7, 6]]);
  });

  it('keeps idle time apart', () => {
    expect(summarise([PROFILE, PROFILE])).to.include({ busyMs: 14, idleMs: 16 });
  });
});
