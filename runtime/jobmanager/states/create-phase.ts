import type { JobContext, JobPhase, Transition } from '../job-phase.js';
import { Beginning } from './beginning.js';
import { Cancelling } from './cancelling.js';
import { CleaningUp } from './cleaning-up.js';
import { Ended } from './ended.js';
import { Failing } from './failing.js';
import { Finishing } from './finishing.js';
import { Restarting } from './restarting.js';
import { Running } from './running.js';
import { WaitingForSlots } from './waiting-for-slots.js';

export function createPhase(transition: Transition, job: JobContext): JobPhase {
  switch (transition.to) {
    case 'beginning':
      return new Beginning(job);
    case 'waitingForSlots':
      return new WaitingForSlots(job);
    case 'running':
      return new Running(job, transition.places);
    case 'finishing':
      return new Finishing(job);
    case 'failing':
      return new Failing(job, transition.decision);
    case 'restarting':
      return new Restarting(job, transition.delayMs);
    case 'cancelling':
      return new Cancelling(job);
    case 'cleaningUp':
      return new CleaningUp(job, transition.outcome);
    case 'ended':
      return new Ended(job, transition.outcome);
  }
}
