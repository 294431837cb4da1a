import { SlidingEventTimeWindows } from 'flink-ts';
import { alignedSums, runWindowedSums } from './windowed-sums.js';

/* Sum and count of each key in windows of 10 s, one every 2 s. */
await runWindowedSums('sliding', SlidingEventTimeWindows.of('10 s', '2 s'), alignedSums(10_000, 2000));
