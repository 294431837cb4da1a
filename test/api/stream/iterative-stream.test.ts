import { expect } from 'chai';
import { InvalidProgramError, StreamExecutionEnvironment } from '#api';

function environment(parallelism = 2): StreamExecutionEnvironment {
  return StreamExecutionEnvironment.createLocalEnvironment(parallelism);
}

describe('IterativeStream', () => {
  it('becomes an operator before the body of the loop and one behind it, in one slot sharing group', () => {
    const env = environment();
    const head = env.fromParallelCollection([1, 2, 3]).slotSharingGroup('loop').iterate();
    const next = head.map((n) => n - 1).slotSharingGroup('body');
    head.closeWith(next.filter((n) => n > 0));
    next.print();
    const { nodes } = env.getStreamGraph();
    const ends = nodes.filter(({ spec }) => spec.kind === 'iterationHead' || spec.kind === 'iterationTail');
    expect(ends.map(({ name }) => name)).to.deep.equal(['IterationSource-2', 'IterationSink-2']);
    expect(ends.map(({ slotSharingGroup }) => slotSharingGroup)).to.deep.equal(['loop', 'loop']);
    expect(ends.map(({ parallelism }) => parallelism)).to.deep.equal([2, 2]);
  });

  it('is in the plan, in an order in which nothing leads backwards, with ids that stay', () => {
    const plan = (): { readonly nodes: readonly { readonly id: number; readonly predecessors?: readonly { readonly id: number }[] }[] } => {
      const env = environment();
      const head = env.fromSequence(1, 3).iterate(100);
      head.closeWith(head.map((n) => n - 1).filter((n) => n > 0));
      return JSON.parse(env.getExecutionPlan()) as ReturnType<typeof plan>;
    };
    const { nodes } = plan();
    expect(nodes).to.have.length(5);
    for (const { id, predecessors = [] } of nodes) expect(predecessors.every((edge) => edge.id < id)).to.equal(true);
    expect(plan()).to.deep.equal({ nodes });
  });

  it('is not in the job when nothing reads it', () => {
    const env = environment();
    const numbers = env.fromSequence(1, 3);
    numbers.iterate();
    numbers.print();
    expect(env.getStreamGraph().nodes).to.have.length(2);
  });

  it('says what is wrong with the feedback, in the words of Flink', () => {
    const env = environment();
    const numbers = env.fromSequence(1, 3);
    const head = numbers.iterate();
    expect(() => head.closeWith(numbers.map((n) => n))).to.throw(
      InvalidProgramError,
      'Cannot close an iteration with a feedback DataStream that does not originate from said iteration.',
    );
    expect(() => head.closeWith(head.map((n) => n).setParallelism(3))).to.throw(
      InvalidProgramError,
      'Parallelism of the feedback stream must match the parallelism of the original stream.' +
        ' Parallelism of original stream: 2; parallelism of feedback stream: 3.' +
        ' Parallelism can be modified using DataStream#setParallelism() method',
    );
    head.print();
    expect(() => env.getStreamGraph()).to.throw(InvalidProgramError, 'Iteration IterationSource-2 does not have any feedback edges.');
    expect(() => numbers.iterate().withFeedbackType<string>().keyBy()).to.throw(
      InvalidProgramError,
      'Cannot change the input partitioning',
    );
  });

  it('wants checkpoints to be forced, and is not for batches', () => {
    const looping = (env: StreamExecutionEnvironment): StreamExecutionEnvironment => {
      const head = env.fromSequence(1, 3).iterate();
      head.closeWith(head.map((n) => n));
      return env;
    };
    expect(() => looping(environment().enableCheckpointing(1000)).getStreamGraph()).to.throw(
      InvalidProgramError,
      'Checkpointing is currently not supported by default for iterative jobs, as we cannot guarantee exactly once semantics. ',
    );
    expect(looping(environment().enableCheckpointing(1000, true)).getStreamGraph().nodes).to.have.length(4);
    const unaligned = environment().enableCheckpointing(1000, 'EXACTLY_ONCE', true);
    unaligned.getCheckpointConfig().enableUnalignedCheckpoints();
    expect(() => looping(unaligned).getStreamGraph()).to.throw(InvalidProgramError, 'execution.checkpointing.unaligned.forced');
    unaligned.getCheckpointConfig().setForceUnalignedCheckpoints(true);
    expect(unaligned.getStreamGraph().nodes).to.have.length(4);
    expect(() => looping(environment().setRuntimeMode('BATCH')).getStreamGraph()).to.throw(
      InvalidProgramError,
      'Iterations are not supported in BATCH execution mode.',
    );
  });
});
