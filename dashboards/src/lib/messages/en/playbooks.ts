import type { PlaybookRunState, PlaybookStepMark } from '$lib/api/types';

const state: Record<PlaybookRunState, string> = {
  running: 'Under way',
  done: 'Gone through',
  stopped: 'Stopped'
};

const mark: Record<PlaybookStepMark, string> = {
  open: 'Open',
  done: 'Done',
  skipped: 'Skipped'
};

/** Contingency plans at work. */
export const playbooks = {
  title: 'Playbooks',
  state,
  mark,
  run: (name: string) => `Playbook: ${name}`,
  ticket: (number: string) => `Ticket ${number}`,
  drill: 'Drill',
  supposed: 'What is supposed to have happened',
  started: (p: { who: string; when: string; version: number }) =>
    `Started by ${p.who}, ${p.when}, with version ${p.version}`,
  ended: (when: string) => `Ended ${when}`,
  steps: 'Steps',
  counts: (p: { done: number; all: number }) => `${p.done} of ${p.all} done`,
  skippedCount: (n: number) => `${n} skipped`,
  overdueCount: (n: number) => `${n} overdue`,
  lateCount: (n: number) => `${n} done late`,
  due: (when: string) => `by ${when}`,
  overdue: 'Overdue',
  late: 'Late',
  missed: 'Missed',
  marked: (p: { who: string; when: string }) => `${p.who}, ${p.when}`,
  skip: 'Skip…',
  skipThis: (step: string) => `Skip: ${step}`,
  skipping: 'Skip this step',
  skipSubmit: 'Skip',
  takeBack: 'Take back',
  takeBackThis: (step: string) => `Take back: ${step}`,
  end: 'End it',
  endLead: 'Every step has to be done or skipped before it counts as gone through.',
  moveTo: {
    running: 'Go on…',
    done: 'Finish…',
    stopped: 'Stop…'
  } as Record<PlaybookRunState, string>,
  ending: {
    running: 'Go on with it?',
    done: 'Was it gone through?',
    stopped: 'Stop it?'
  } as Record<PlaybookRunState, string>,
  endingLead: 'It cannot be taken up again. The reason stays in the history.',
  endSubmit: {
    running: 'Go on',
    done: 'Finish',
    stopped: 'Stop'
  } as Record<PlaybookRunState, string>,
  reason: 'Reason',
  reasonMissing: 'Give a reason first.',
  findings: 'What was learnt',
  findingsMissing: 'Say what was learnt: a drill is for that.',
  participants: 'Who took part',
  fits: 'Fits this ticket',
  start: 'Start…',
  startThis: (name: string) => `Start ${name}`,
  starting: (name: string) => `Start “${name}”?`,
  startingLead: 'Everybody who has a step in it is told at once.',
  startSubmit: 'Start'
};
