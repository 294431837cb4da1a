import {
  BoundedOutOfOrdernessTimestampExtractor,
  type AssignerWithPeriodicWatermarks,
  type AssignerWithPunctuatedWatermarks,
} from './timestamp-extractors.js';
import type { WatermarkGenerator } from './watermark-generator.js';

/** The generator behind an assigner that is asked for its watermark at intervals. */
export function periodicGenerator<T>(assigner: AssignerWithPeriodicWatermarks<T>): WatermarkGenerator<T> {
  return {
    onEvent: (_value, timestamp) => {
      if (assigner instanceof BoundedOutOfOrdernessTimestampExtractor) assigner.extracted(timestamp);
    },
    onPeriodicEmit: (output) => {
      const watermark = assigner.getCurrentWatermark();
      if (watermark != null) output.emitWatermark(watermark);
    },
  };
}

/** The generator behind an assigner that is asked at each record. */
export function punctuatedGenerator<T>(assigner: AssignerWithPunctuatedWatermarks<T>): WatermarkGenerator<T> {
  return {
    onEvent: (value, timestamp, output) => {
      const watermark = assigner.checkAndGetNextWatermark(value, timestamp);
      if (watermark != null) output.emitWatermark(watermark);
    },
    onPeriodicEmit: () => undefined,
  };
}
