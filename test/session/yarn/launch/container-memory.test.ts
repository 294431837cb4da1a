import { expect } from 'chai';
import { Configuration } from '#conf';
import { heapOfContainerMb } from '../../../../session/yarn/launch/container-memory.js';
import { ContainerTooSmallError } from '../../../../session/yarn/launch/errors.js';

describe('session/yarn/launch/container-memory', () => {
  it('keeps a share of the container, and at least a minimum', () => {
    expect(heapOfContainerMb(1024, Configuration.empty)).to.equal(424);
    expect(heapOfContainerMb(8192, Configuration.empty)).to.equal(6144);
  });

  it('refuses a container that the minimum takes whole', () => {
    const configuration = Configuration.of({ 'containerized.heap-cutoff-min': '800' });
    expect(() => heapOfContainerMb(768, configuration)).to.throw(ContainerTooSmallError, '"containerized.heap-cutoff-min" keeps 800 MB');
  });
});
