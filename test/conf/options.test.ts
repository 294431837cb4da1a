import { expect } from 'chai';
import { allOptions, Configuration, optionsFor } from '#conf';
import { KEYS_OF_THE_MISSION, LATER_NAMES, OLD_NAMES, OTHER_KEYS } from './configuration-keys.js';

describe('options', () => {
  it('have defaults that their own types can read', () => {
    for (const option of allOptions) expect(() => Configuration.empty.get(option), option.key).not.to.throw();
  });

  it('are declared once', () => {
    const keys = allOptions.map(({ key }) => key);
    expect(keys).to.deep.equal([...new Set(keys)]);
  });

  it('have texts for people', () => {
    for (const { key, description, instead, takesEffect } of allOptions) {
      expect(description, key).to.match(/^[A-Z"].*[.)]$/s);
      if (takesEffect === 'meaningless') expect(instead, key).to.match(/^[A-Z].*\.$/);
    }
  });

  it('do not share names, save the ones that took over two old keys', () => {
    const names = allOptions.flatMap((option) => option.names.map((name) => name.key));
    const shared = names.filter((name, index) => names.indexOf(name) !== index);
    expect(shared).to.deep.equal(['execution.checkpointing.dir']);
  });

  it('cover every key of the mission and its surroundings', () => {
    const missing = [...KEYS_OF_THE_MISSION, ...OTHER_KEYS].filter((key) => optionsFor(key).length === 0);
    expect(missing).to.deep.equal([]);
  });

  it('accept the names of later versions, without calling them old', () => {
    for (const [later, key] of Object.entries(LATER_NAMES)) {
      const names = optionsFor(later)
        .filter((option) => option.key === key)
        .flatMap((option) => option.names);
      expect(
        names.find((name) => name.key === later),
        later,
      ).to.include({ deprecated: false });
    }
  });

  it('accept old names, and call them old', () => {
    for (const [old, key] of Object.entries(OLD_NAMES)) {
      const option = optionsFor(old)[0];
      expect(option?.key, old).to.equal(key);
      expect(option?.names.find((name) => name.key === old)?.deprecated, old).to.equal(true);
    }
  });

  it('find the option of a key below a prefix', () => {
    expect(optionsFor('metrics.reporter.prom.port').map(({ key }) => key)).to.deep.equal(['metrics.reporter']);
    expect(optionsFor('metrics.reporterx')).to.deep.equal([]);
  });
});
