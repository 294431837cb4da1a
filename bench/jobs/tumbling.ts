import { TumblingEventTimeWindows } from 'flink-ts';
import { alignedSums, runWindowedSums } from './windowed-sums.js';

/* Sum and count of each key in windows of 10 s. */
await runWindowedSums('tumbling', TumblingEventTimeWindows.of('10 s'), alignedSums(10_000, 10_000));
