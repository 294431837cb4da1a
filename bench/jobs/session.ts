import { EventTimeSessionWindows } from 'flink-ts';
import { runWindowedSums, sessionSums } from './windowed-sums.js';

/* Sum and count of each key in sessions with a gap of 1 s. */
await runWindowedSums('session', EventTimeSessionWindows.withGap('1 s'), sessionSums(1000));
