import { expect } from 'chai';
import { findXmlProblem } from '../../../conf/files/xml-balance.js';

describe('damaged XML', () => {
  it('is not seen where everything is closed', () => {
    const text = `<?xml version="1.0"?>
      <!DOCTYPE a [<!ENTITY b "<c>">]>
      <a x="1 > 0" y='<'><!-- <never closed> --><b/><![CDATA[<d>]]><e:f g="h" /></a>`;
    expect(findXmlProblem(text)).to.equal(undefined);
  });

  it('is found with its line', () => {
    const problems = ['<a>\n<b>\n</a>', '<a>\n</a>\n</b>', '<a>\n1 < 2\n</a>', '<a>\n<b', ''].map(findXmlProblem);
    expect(problems).to.deep.equal([
      { line: 3, problem: '"</a>" does not close the last tag that was opened' },
      { line: 3, problem: '"</b>" does not close the last tag that was opened' },
      { line: 2, problem: '"<" does not begin a tag' },
      { line: 2, problem: '"<" does not begin a tag' },
      undefined,
    ]);
  });
});
