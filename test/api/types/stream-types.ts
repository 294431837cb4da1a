/*
 * What the type checker must accept and refuse. Nothing here runs: it is checked by being compiled, and a refusal that
 * no longer happens is an error of its own.
 */
import { Types } from '#core';
import type { StreamExecutionEnvironment } from '#api';
import { OutputTag, type Collector, type DataStream, type KeyedStream, type RichMapFunction, type SingleOutputStreamOperator } from '#api';

interface Order {
  readonly id: number;
  readonly user: { readonly name: string; readonly age?: number };
  readonly tags: string[];
  readonly price: bigint;
}

export function inference(env: StreamExecutionEnvironment): void {
  const words: DataStream<string> = env.fromElements('to', 'be');
  const tuples: SingleOutputStreamOperator<[string, number]> = env.fromElements(['a', 1], ['b', 2]);
  const mapped: DataStream<[string, number]> = words.map((word) => [word, 1]);
  const objects: DataStream<{ word: string; count: number }> = words.map((word) => ({ word, count: 1 }));
  const lengths: DataStream<number> = words.map((word) => word.length);
  const split: DataStream<string> = words.flatMap((line) => line.split(' '));
  const generated: DataStream<number> = words.flatMap(function* (word) {
    yield word.length;
  });
  const emitLength = (word: string, out: Collector<number>): void => {
    out.collect(word.length);
  };
  const collected: DataStream<number> = words.flatMap(emitLength);
  const narrowed: DataStream<string> = env
    .fromElements<string | number>('a', 1)
    .filter((value): value is string => typeof value === 'string');
  const projected: DataStream<[number, string]> = tuples.project(1, 0);
  class Length implements RichMapFunction<string, number> {
    map(word: string): number {
      return word.length;
    }
  }
  const rich: DataStream<number> = words.map(new Length());
  const parsed: DataStream<{ id: number }> = words.map((word) => ({ id: Number(word) })).returns(Types.object({ id: Types.int }));
  void [mapped, objects, lengths, split, generated, collected, narrowed, projected, rich, parsed];
}

export function keys(orders: DataStream<Order>, tuples: DataStream<[string, number]>): void {
  const byName: KeyedStream<Order, number> = orders.keyBy('id');
  const byPath: KeyedStream<Order, string> = orders.keyBy('user.name');
  const byTwo: KeyedStream<Order, [number, string]> = orders.keyBy('id', 'user.name');
  const byIndex: KeyedStream<[string, number], string> = tuples.keyBy(0);
  const byFunction: KeyedStream<Order, boolean> = orders.keyBy((order) => order.id > 1);
  const summed: DataStream<Order> = byPath.sum('price').keyBy('id').maxBy('user.age');
  tuples.keyBy('0').sum(1);
  // @ts-expect-error there is no such field
  orders.keyBy('name');
  // @ts-expect-error there is no such field in the field
  orders.keyBy('user.id');
  // @ts-expect-error records are no tuples
  orders.keyBy(0);
  // @ts-expect-error the tuple is shorter
  tuples.keyBy(2);
  // @ts-expect-error texts cannot be added up
  byName.sum('user.name');
  // @ts-expect-error texts cannot be added up
  byIndex.sum(0);
  // @ts-expect-error a stream without a key has no sum
  void orders.sum;
  // @ts-expect-error the tuple is shorter
  tuples.project(0, 2);
  void [byTwo, byFunction, summed];
}

export function synchronousFunctions(words: DataStream<string>): void {
  const late = async (word: string): Promise<string> => Promise.resolve(word);
  // @ts-expect-error functions for records are synchronous: use AsyncDataStream
  words.map(async (word) => Promise.resolve(word));
  // @ts-expect-error functions for records are synchronous: use AsyncDataStream
  words.map({ map: async (word) => Promise.resolve(word) });
  // @ts-expect-error functions for records are synchronous: use AsyncDataStream
  words.filter(async (word) => Promise.resolve(word === ''));
  // @ts-expect-error functions for records are synchronous: use AsyncDataStream
  words.flatMap(async (word) => {
    await Promise.resolve(word);
  });
  // @ts-expect-error functions for records are synchronous: use AsyncDataStream
  words.connect(words).map(late, late);
  // @ts-expect-error functions for records are synchronous: use AsyncDataStream
  words.keyBy((word) => word).fold(0, async (count) => Promise.resolve(count));
}

export function severalStreams(words: DataStream<string>, numbers: DataStream<number>, orders: DataStream<Order>): void {
  const orderId = (order: Order): number => order.id;
  const wordItself = (word: string): string => word;
  const both: DataStream<string | number> = words.connect(numbers).map<string | number>(
    (word) => word,
    (n) => n,
  );
  const side: DataStream<Date> = words.map((word) => word).getSideOutput(new OutputTag<Date>('dates'));
  orders.connect(numbers).keyBy(
    (order) => order.id,
    (n) => n,
  );
  orders.connect(orders).keyBy('id', 'id');
  // @ts-expect-error the streams have records of different types
  words.union(numbers);
  // @ts-expect-error the keys have different types
  orders.connect(orders).keyBy('id', 'user.name');
  // @ts-expect-error the keys have different types
  orders.connect(words).keyBy(orderId, wordItself);
  void [both, side];
}
