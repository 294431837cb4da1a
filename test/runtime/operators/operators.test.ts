import { expect } from 'chai';
import { type Collector, type DataStream, OutputTag, type ProcessContext, type RuntimeContext } from '#api';
import { runOperator } from '../../support/operator-harness.js';

interface Order {
  user: string;
  amount: number;
}
const fields = ['user', 'amount'];
const ORDERS = `
  ann  10
  bob   7
  ann   2
  cid   1
  bob   1
  ann  -3`;

describe('operators', () => {
  it('map', async () => {
    await runOperator((orders: DataStream<Order>) => orders.map(({ user, amount }) => [user, amount * 2] as const), {
      fields,
      outputFields: ['0', '1'],
    })
      .input(ORDERS)
      .expectOutput([
        ['ann', 20],
        ['bob', 14],
        ['ann', 4],
        ['cid', 2],
        ['bob', 2],
        ['ann', -6],
      ]);
  });

  it('filter', async () => {
    await runOperator((orders: DataStream<Order>) => orders.filter(({ amount }) => amount > 1), { fields }).input(ORDERS).expectOutput(`
        ann  10
        bob   7
        ann   2`);
  });

  it('flatMap, by collecting and by iterables', async () => {
    const digits = (value: number): string[] => String(value).split('');
    const forms = {
      collect: (value: number, out: Collector<string>) => {
        for (const digit of digits(value)) out.collect(digit);
      },
      array: digits,
      *generator(value: number) {
        yield* digits(value);
      },
    };
    for (const form of Object.values(forms)) {
      await runOperator((numbers: DataStream<number>) => numbers.flatMap<string>(form))
        .input([12, 3, 456])
        .expectOutput(['1', '2', '3', '4', '5', '6']);
    }
  });

  it('project', async () => {
    await runOperator((tuples: DataStream<[string, number, boolean]>) => tuples.project(2, 0))
      .input(
        `
        a  1  true
        b  2  false`,
      )
      .expectOutput([
        [true, 'a'],
        [false, 'b'],
      ]);
  });

  it('several in a chain, with exchanges between them', async () => {
    await runOperator((numbers: DataStream<number>) =>
      numbers
        .map((value) => value + 1)
        .rebalance()
        .flatMap((value) => [value, -value])
        .filter((value) => value % 3 !== 0)
        .keyBy((value) => Math.abs(value))
        .reduce((left, right) => left + right),
    )
      .input([1, 2, 3])
      .expectOutput([2, 0, 4, 0]);
  });

  it('reduce, streaming and batch', async () => {
    const reduce = (orders: DataStream<Order>): DataStream<Order> =>
      orders.keyBy('user').reduce((a, b) => ({ ...a, amount: a.amount + b.amount }));
    await runOperator(reduce, { fields }).input(ORDERS).expectOutput(`
      ann  10
      bob   7
      ann  12
      cid   1
      bob   8
      ann   9`);
    await runOperator(reduce, { fields, mode: 'BATCH' }).input(ORDERS).expectOutput(`
      ann  9
      bob  8
      cid  1`);
  });

  it('fold, streaming and batch', async () => {
    const fold = (orders: DataStream<Order>): DataStream<string> => orders.keyBy('user').fold('', (names, { user }) => names + user);
    await runOperator(fold, { fields }).input(ORDERS).expectOutput(['ann', 'bob', 'annann', 'cid', 'bobbob', 'annannann']);
    await runOperator(fold, { fields, mode: 'BATCH' }).input(ORDERS).expectOutput(['annannann', 'bobbob', 'cid']);
  });

  it('aggregate, streaming and batch', async () => {
    const average = (orders: DataStream<Order>): DataStream<number> =>
      orders.keyBy('user').aggregate({
        createAccumulator: () => ({ sum: 0, count: 0 }),
        add: ({ amount }, accumulator) => {
          accumulator.sum += amount;
          accumulator.count++;
          return accumulator;
        },
        getResult: ({ sum, count }) => sum / count,
        merge: (left, right) => ({ sum: left.sum + right.sum, count: left.count + right.count }),
      });
    await runOperator(average, { fields }).input(ORDERS).expectOutput([10, 7, 6, 1, 4, 3]);
    await runOperator(average, { fields, mode: 'BATCH' }).input(ORDERS).expectOutput([3, 4, 1]);
  });

  it('sum, min, max, minBy and maxBy of a field', async () => {
    const rows = { fields: ['key', 'value', 'other'] };
    const input = `
      a  5  first
      a  3  second
      a  9  third
      a  3  fourth`;
    interface Row {
      key: string;
      value: number;
      other: string;
    }
    const of =
      (aggregation: 'sum' | 'min' | 'max' | 'minBy' | 'maxBy', first = true) =>
      (stream: DataStream<Row>): DataStream<Row> => {
        const keyed = stream.keyBy('key');
        if (aggregation === 'minBy' || aggregation === 'maxBy') return keyed[aggregation]('value', first);
        return keyed[aggregation]('value');
      };
    const results = (...values: readonly [number, string][]): unknown[] => values.map(([value, other]) => ({ key: 'a', value, other }));
    await runOperator(of('sum'), rows)
      .input(input)
      .expectOutput(results([5, 'first'], [8, 'first'], [17, 'first'], [20, 'first']));
    await runOperator(of('min'), rows)
      .input(input)
      .expectOutput(results([5, 'first'], [3, 'first'], [3, 'first'], [3, 'first']));
    await runOperator(of('max'), rows)
      .input(input)
      .expectOutput(results([5, 'first'], [5, 'first'], [9, 'first'], [9, 'first']));
    await runOperator(of('minBy'), rows)
      .input(input)
      .expectOutput(results([5, 'first'], [3, 'second'], [3, 'second'], [3, 'second']));
    await runOperator(of('minBy', false), rows)
      .input(input)
      .expectOutput(results([5, 'first'], [3, 'second'], [3, 'second'], [3, 'fourth']));
    await runOperator(of('maxBy'), rows)
      .input(input)
      .expectOutput(results([5, 'first'], [5, 'first'], [9, 'third'], [9, 'third']));
  });

  it('coMap, coFlatMap and a process function on two inputs', async () => {
    const options = { ordered: false };
    await runOperator(
      (words: DataStream<string>, numbers: DataStream<number>) =>
        words.connect(numbers).map(
          (word) => word.length,
          (value) => -value,
        ),
      options,
    )
      .input(['a', 'bcd'], [1, 2])
      .expectOutput([1, 3, -1, -2]);
    await runOperator(
      (words: DataStream<string>, numbers: DataStream<number>) =>
        words.connect(numbers).flatMap<string>({
          flatMap1: (word, out) => {
            for (const letter of word) out.collect(letter);
          },
          flatMap2: () => undefined,
        }),
      options,
    )
      .input(['a', 'bcd'], [1, 2])
      .expectOutput(['a', 'b', 'c', 'd']);
    await runOperator(
      (words: DataStream<string>, numbers: DataStream<number>) =>
        words.connect(numbers).process<string>({
          processElement1: (word, _context, out) => {
            out.collect(word);
          },
          processElement2: (value, _context, out) => {
            out.collect(String(value));
          },
        }),
      options,
    )
      .input(['a'], [7])
      .expectOutput(['a', '7']);
  });

  it('process functions, whose side outputs are streams of their own', async () => {
    const odd = new OutputTag<string>('odd');
    const split = {
      processElement(value: number, context: ProcessContext, out: Collector<number>) {
        if (value % 2 === 0) out.collect(value);
        else context.output(odd, `odd ${value}`);
      },
    };
    await runOperator((numbers: DataStream<number>) => numbers.process(split))
      .input([1, 2, 3, 4])
      .expectOutput([2, 4]);
    await runOperator((numbers: DataStream<number>) => numbers.process(split).getSideOutput(odd))
      .input([1, 2, 3, 4])
      .expectOutput(['odd 1', 'odd 3']);
  });

  it('rich functions are opened before the first record and closed after the last', async () => {
    const life: string[] = [];
    const rich = {
      factor: 0,
      async open(context: RuntimeContext) {
        await Promise.resolve();
        expect(context.taskName).to.equal('Map');
        life.push('open');
        this.factor = 2;
      },
      map(value: number) {
        return value * this.factor;
      },
      close() {
        life.push('close');
        this.factor = 0;
      },
    };
    await runOperator((numbers: DataStream<number>) => numbers.map(rich))
      .input([1, 2])
      .expectOutput([2, 4]);
    expect(life.filter((event) => event === 'open')).to.have.lengthOf(life.length / 2);
  });
});

describe('the operator harness', () => {
  it('catches operators that change a record', async () => {
    const run = runOperator(
      (orders: DataStream<Order>) =>
        orders.map((order) => {
          order.amount++;
          return order;
        }),
      { fields },
    )
      .input(`ann  1`)
      .expectOutput(`ann  2`);
    const failure = await run.then(
      () => undefined,
      (error: unknown) => error as Error,
    );
    expect(failure?.message).to.match(/read only property 'amount'/);
  });

  it('catches operators that emit something else', async () => {
    const run = runOperator((numbers: DataStream<number>) => numbers.map((value) => value + 1))
      .input([1])
      .expectOutput([1]);
    const failure = await run.then(
      () => undefined,
      (error: unknown) => error as Error,
    );
    expect(failure?.message).to.match(/compiled chain, at one go/);
  });
});
