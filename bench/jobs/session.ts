import { EventTimeSessionWindows } from 'flink-ts';
import { jobOptions } from './job-options.js';
import { runWindowedSums, sessionSums } from './windowed-sums.js';

/*
 * Sum and count of each key in sessions with a gap of 1 s. Whether an event that comes exactly at the end of a session belongs to it
 * depends on whether time has passed the session by then; so where the result is compared, the gap ends between two events.
 */
const gapMs = jobOptions().check ? 1000.5 : 1000;
await runWindowedSums('session', EventTimeSessionWindows.withGap(gapMs), sessionSums(gapMs));
