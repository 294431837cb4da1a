import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { fileSystems, FlinkError } from '#core';
import {
  type DataStream,
  type KeyedBroadcastProcessFunction,
  type KeyedProcessFunction,
  ListStateDescriptor,
  MapStateDescriptor,
  type RuntimeContext,
  type StreamExecutionEnvironment,
  TumblingProcessingTimeWindows,
  ValueStateDescriptor,
} from '#api';
import { startJob, TestSource, type TestJob } from 'flink-ts/testing';
import { inspectSavepoint, type OperatorContents } from '../../../runtime/checkpoint/inspect-savepoint.js';
import { rejection } from '../../support/rejection.js';
import { useTempDirectory } from '../../support/temp-directory.js';

/** Keeps the records of each key in states of all kinds. */
function keeping(): KeyedProcessFunction<string, string, string> {
  let context: RuntimeContext;
  return {
    open: (given) => {
      context = given;
    },
    processElement: (word, { timerService }) => {
      context.getState(new ValueStateDescriptor<string>('last')).update(word.toUpperCase());
      context.getListState(new ListStateDescriptor<string>('all')).add(word);
      context.getMapState(new MapStateDescriptor<string, bigint>('by letter')).put(word[0]!, 7n);
      timerService.registerEventTimeTimer(5000);
    },
  };
}

const RULES = new MapStateDescriptor<string, number>('rules');

const ruled: KeyedBroadcastProcessFunction<string, string, string, string> = {
  processElement: () => undefined,
  processBroadcastElement: (rule, context) => {
    context.getBroadcastState(RULES).put(rule, rule.length);
  },
};

describe('samples in inspectSavepoint', function () {
  this.timeout(30_000);
  const directory = useTempDirectory();

  const build = (env: StreamExecutionEnvironment): DataStream<string> => {
    const words = env.fromSource(new TestSource('apple', 'berry', 'apple', 'cherry', 'date'), 'words').keyBy((word) => word);
    const rules = env.fromSource(new TestSource('rule', 'another'), 'rules').broadcast(RULES);
    const windows = words
      .window(TumblingProcessingTimeWindows.of('1 h'))
      .reduce((one, other) => `${one} ${other}`)
      .name('windows');
    return words.process(keeping()).name('keeping').union(windows, words.connect(rules).process(ruled).name('ruled'));
  };

  async function running(configuration: Readonly<Record<string, string>>): Promise<TestJob<string>> {
    const job = await startJob(build, { parallelism: 2, configuration, clock: 'virtual' });
    await job.running();
    await job.advanceTime(1000, 100);
    return job;
  }

  async function contentsOf(path: string, samples: number): Promise<ReadonlyMap<string, OperatorContents>> {
    const { operators } = await inspectSavepoint(path, fileSystems, { samples });
    return new Map(operators.map((operator) => [operator.name, operator]));
  }

  const samplesOf = (operator: OperatorContents | undefined, state: string): readonly unknown[] =>
    (operator?.states.find(({ name }) => name === state)?.samples ?? [])
      .map((sample) => JSON.stringify(sample))
      .sort()
      .map((text) => JSON.parse(text) as unknown);

  function expectSamples(contents: ReadonlyMap<string, OperatorContents>): void {
    const keeping = contents.get('keeping');
    expect(samplesOf(keeping, 'last')).to.deep.equal([
      { key: 'apple', value: 'APPLE' },
      { key: 'berry', value: 'BERRY' },
      { key: 'cherry', value: 'CHERRY' },
      { key: 'date', value: 'DATE' },
    ]);
    expect(samplesOf(keeping, 'all')[0]).to.deep.equal({ key: 'apple', value: ['apple', 'apple'] });
    expect(samplesOf(keeping, 'by letter')[1]).to.deep.equal({ key: 'berry', subKey: 'b', value: { $bigint: '7' } });
    const timers = keeping?.states.find(({ kind, samples }) => kind === 'timers' && samples?.length === 4);
    expect(samplesOf(keeping, timers?.name ?? '')[0]).to.deep.equal({ key: 'apple', subKey: 5000 });
    const [windows] = (contents.get('windows')?.states ?? []).filter(({ samples }) => samples?.length === 4);
    const [first] = samplesOf(contents.get('windows'), windows?.name ?? '') as { key: string; namespace: unknown; value: unknown }[];
    expect(first).to.have.property('key', 'apple');
    expect(first).to.have.property('namespace');
    expect(contents.get('ruled')?.lists.find(({ name }) => name.includes('rules'))?.samples).to.deep.equal([
      ['rule', 4],
      ['another', 7],
    ]);
  }

  for (const backend of ['hashmap', 'rocksdb']) {
    it(`are entries of all states, decoded: a savepoint of ${backend}`, async () => {
      const job = await running({ 'state.backend': backend });
      const path = await job.savepoint(directory.path);
      await job.close();
      expectSamples(await contentsOf(path, 10));
      const few = (await contentsOf(path, 1)).get('keeping');
      expect(few?.states.map(({ samples }) => samples?.length)).to.deep.equal(
        few?.states.map(({ samples }) => Math.min(1, samples!.length)),
      );
      expect(samplesOf(few, 'last')).to.have.length(1);
      expect((await contentsOf(path, 0)).get('keeping')?.states[0]).to.not.have.property('samples');
    });

    it(`are entries of all states, decoded: a checkpoint of ${backend}`, async () => {
      const job = await running({ 'state.backend': backend, 'state.checkpoints.dir': directory.path });
      const id = await job.checkpoint();
      expectSamples(await contentsOf(join(directory.path, job.jobId, `chk-${id}`), 10));
      await job.close();
    });
  }

  it('say which file is damaged', async () => {
    const job = await running({ 'state.backend.fs.memory-threshold': '0', 'state.checkpoints.dir': directory.path });
    const path = await job.savepoint(directory.path);
    await job.close();
    const local = path.replace(/^file:(\/\/)?/, '');
    const files = readdirSync(local).filter((name) => name !== '_metadata');
    const largest = files.map((name) => join(local, name)).sort((a, b) => statSync(b).size - statSync(a).size)[0]!;
    const bytes = readFileSync(largest);
    bytes[20]! ^= 255;
    writeFileSync(largest, bytes);
    const damaged = await rejection(contentsOf(path, 3));
    expect(damaged).to.be.instanceOf(FlinkError);
    expect((damaged as Error).message).to.contain(largest);
    truncateSync(largest, 10);
    expect(String(await rejection(contentsOf(path, 3)))).to.contain(largest);
  });
});
