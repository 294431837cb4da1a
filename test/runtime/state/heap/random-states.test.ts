import { holdsWhatPlainMapsHold } from '../random-operations.js';
import { backendOf } from './backend-bench.js';

describe('heap keyed backend under random operations', () => {
  holdsWhatPlainMapsHold(backendOf);
});
