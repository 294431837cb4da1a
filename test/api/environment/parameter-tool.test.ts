import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ParameterError, ParameterTool } from '#api';
import { useTempDirectory } from '../../support/temp-directory.js';

describe('ParameterTool', () => {
  const directory = useTempDirectory();

  it('reads arguments: values, flags and negative numbers', () => {
    const parameters = ParameterTool.fromArgs(['--input', 'in.txt', '-n', '-3', '--verbose', '--rate', '1.5e3', '--last']);
    expect(parameters.get('input')).to.equal('in.txt');
    expect(parameters.getInt('n')).to.equal(-3);
    expect(parameters.getBoolean('verbose')).to.equal(true);
    expect(parameters.getNumber('rate')).to.equal(1500);
    expect(parameters.has('last')).to.equal(true);
    expect(parameters.has('absent')).to.equal(false);
  });

  it('answers what it is given for what is missing', () => {
    const parameters = ParameterTool.fromArgs([]);
    expect(parameters.get('a')).to.equal(undefined);
    expect(parameters.get('a', 'b')).to.equal('b');
    expect(parameters.getInt('a', 1)).to.equal(1);
    expect(parameters.getBoolean('a', true)).to.equal(true);
    expect(() => parameters.required('input')).to.throw(ParameterError, "No data for required key 'input'");
    expect(() => parameters.getInt('input')).to.throw(ParameterError, "No data for required key 'input'");
  });

  it('refuses what is not as it should be', () => {
    const parameters = ParameterTool.fromArgs(['--n', 'many', '--half', '0.5', '--flag']);
    expect(() => parameters.getInt('n')).to.throw(ParameterError, 'the parameter "n" must be a number, not "many"');
    expect(() => parameters.getInt('half')).to.throw(ParameterError, 'must be a whole number');
    expect(() => parameters.getBoolean('n')).to.throw(ParameterError, 'must be true or false');
    expect(() => parameters.get('flag')).to.throw(ParameterError, 'the parameter "flag" has no value');
    expect(() => ParameterTool.fromArgs(['input'])).to.throw(ParameterError, '"input" is not a key');
  });

  it('reads properties files', async () => {
    const path = join(directory.path, 'job.properties');
    writeFileSync(path, '# comment\n! comment\ninput = a b.txt\n  rate: 5\r\nempty=\n\n');
    const parameters = await ParameterTool.fromPropertiesFile(path);
    expect(parameters.toRecord()).to.deep.equal({ input: 'a b.txt', rate: '5', empty: '' });
  });
});
