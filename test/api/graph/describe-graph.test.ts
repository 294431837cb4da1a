import { expect } from 'chai';
import { Types } from '#core';
import { describeGraph, firstDifference, graphFingerprint, StreamExecutionEnvironment, validateEndpoints, type StreamGraph } from '#api';

describe('descriptions of graphs', () => {
  type Env = StreamExecutionEnvironment;
  const graphOf = (build: (env: Env) => void, name?: string): StreamGraph => {
    const env = StreamExecutionEnvironment.createLocalEnvironment(2);
    build(env);
    return env.getStreamGraph(name);
  };
  const wordCount = (env: Env): void => {
    env.fromElements({ word: 'a', n: 1 }).keyBy('word').sum('n').print();
  };
  const difference = (one: (env: Env) => void, other: (env: Env) => void): string | undefined =>
    firstDifference(describeGraph(graphOf(one)), describeGraph(graphOf(other)));

  it('are the same for the same program, whatever the name of the job', () => {
    expect(describeGraph(graphOf(wordCount, 'a'))).to.deep.equal(describeGraph(graphOf(wordCount, 'b')));
    expect(graphFingerprint(graphOf(wordCount, 'a')))
      .to.equal(graphFingerprint(graphOf(wordCount, 'b')))
      .and.to.match(/^[0-9a-f]{64}$/);
    expect(difference(wordCount, wordCount)).to.equal(undefined);
  });

  it('survive JSON', () => {
    const description = describeGraph(
      graphOf((env) => {
        env
          .fromCollection([1], Types.int)
          .map((n) => n)
          .uid('x')
          .print();
      }),
    );
    expect(JSON.parse(JSON.stringify(description))).to.deep.equal(description);
  });

  it('tell apart programs that differ, naming the first operator that does', () => {
    const cases: readonly (readonly [(env: Env) => void, (env: Env) => void, string])[] = [
      [
        (env) => {
          env.fromElements(1).map((n) => n);
        },
        (env) => {
          env.fromElements(1).filter(() => true);
        },
        'operator 2 is "Map" of kind "map" in the one and "Filter" of kind "filter" in the other',
      ],
      [
        (env) => {
          env.fromElements(1).map((n) => n);
        },
        (env) => {
          env
            .fromElements(1)
            .map((n) => n)
            .setParallelism(3);
        },
        'the parallelism of operator 2, "Map", is 2 in the one and 3 in the other',
      ],
      [
        (env) => {
          env
            .fromElements(1)
            .map((n) => n)
            .print();
        },
        (env) => {
          env.fromElements(1).map((n) => n);
        },
        'operator 3, "Sink: Print to Std. Out", is missing in the other',
      ],
      [
        (env) => {
          env
            .fromElements({ a: 1, b: 2 })
            .keyBy('a')
            .process({ processElement: () => undefined });
        },
        (env) => {
          env
            .fromElements({ a: 1, b: 2 })
            .keyBy('b')
            .process({ processElement: () => undefined });
        },
        'operator 2, "KeyedProcess", reads by hash of "a" operator 1, "Source: Collection Source", in the one and ' +
          'by hash of "b" operator 1, "Source: Collection Source", in the other',
      ],
      [
        (env) => {
          env.fromElements(1).map((n) => n);
        },
        (env) => {
          env
            .setRuntimeMode('BATCH')
            .fromElements(1)
            .map((n) => n);
        },
        'the runtimeMode of the job is "STREAMING" in the one and "BATCH" in the other',
      ],
    ];
    for (const [one, other, sentence] of cases) {
      expect(difference(one, other)).to.equal(sentence);
      expect(graphFingerprint(graphOf(one))).to.not.equal(graphFingerprint(graphOf(other)));
    }
  });

  it('name what a field aggregation does', () => {
    const details = describeGraph(graphOf(wordCount)).nodes[1]?.details;
    expect(details).to.deep.equal({ keyField: 'word', keyType: null, aggregation: 'sum', field: 'n', first: true });
  });
});

describe('validateEndpoints', () => {
  it('asks sources and sinks', async () => {
    const env = StreamExecutionEnvironment.createLocalEnvironment(2, { 'fs.default-scheme': 'file:///' });
    env.readTextFile('/no/such/file').print();
    const error: unknown = await validateEndpoints(env.getStreamGraph(), {}).catch((failure: unknown) => failure);
    expect(error).to.have.property('code', 'FILE_NOT_FOUND');
    expect(error).to.have.property('action', `Check the path; relative paths start at "${process.cwd()}".`);
    await validateEndpoints(env.getStreamGraph(), {}, { inputVisible: false });
  });

  it('refuses two sinks with one path, however it is written', async () => {
    const env = StreamExecutionEnvironment.createLocalEnvironment(1);
    const records = env.fromElements('a');
    records.writeAsText('/no/such/../out').name('one');
    records.writeAsCsv('file:///no/out').name('other');
    const error: unknown = await validateEndpoints(env.getStreamGraph(), {}).catch((failure: unknown) => failure);
    expect(error).to.have.property('message', 'sinks "Sink: one" and "Sink: other" both write to "file:///no/out"');
    expect(error).to.have.property('action', 'Give each its own path.');
  });
});
