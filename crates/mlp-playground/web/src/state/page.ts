import { effect, signal } from '@preact/signals';
import type { Experiment } from '../protocol/Experiment';
import { wanted } from './experiment';
import { readLink, writeLink, type PageState } from './link';
import { accepted, configure, refused } from './session';
import { language } from './settings';
import { FIRST_VIEW, view, type PageView } from './view';

/** The lesson that is read. */
export const lesson = signal<string | undefined>(undefined);

/** Whether the controls are hidden, because the page is a part of another one. */
export const isEmbedded = signal(false);

/** The address of the page as it is now. */
export function linkNow(change: Partial<PageState> = {}): string {
  return `#${writeLink({
    experiment: wanted.value,
    view: view.value,
    ...(lesson.value !== undefined && { lesson: lesson.value }),
    language: language.value,
    embed: isEmbedded.value,
    ...change,
  })}`;
}

/** What the address said that could not be read, until that is dismissed. */
export const unread = signal<string[]>([]);

/** The experiment of the address that was followed last. */
let followed: Experiment | undefined;

/**
 * Takes the state of the address, and from then on keeps the address as the page is. An address that is refused
 * stays, so that it can be mended, until what the page shows instead is changed.
 */
export function followAddress(): void {
  take(readLink(location.hash));
  // Addresses that the page writes itself are not announced: whoever comes here went back, forward or elsewhere.
  addEventListener('hashchange', () => {
    const state = readLink(location.hash);
    take(state);
    configure(state.experiment, { keepsPlaying: false });
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let instead: string | undefined;
  effect(() => {
    const link = linkNow();
    if (refused.value !== undefined && refused.value === followed) {
      followed = undefined;
      instead = link;
    }
    // Browsers refuse an address that changes with each move of a slider.
    clearTimeout(timer);
    const isAnswered = followed === undefined || wanted.value !== followed || accepted.value === followed;
    if (!isAnswered || link === instead) return;
    instead = undefined;
    timer = setTimeout(() => {
      if (link === location.hash) return;
      history.replaceState(null, '', link);
    }, 200);
  });
}

function take(state: PageState): void {
  followed = state.experiment;
  wanted.value = state.experiment;
  view.value = state.view;
  lesson.value = state.lesson;
  isEmbedded.value = state.embed;
  unread.value = state.unread ?? [];
  if (state.language) language.value = state.language;
}

/** Shows a saved state, paused. */
export function load(experiment: Experiment, shown: Partial<PageView> = {}): void {
  view.value = { ...FIRST_VIEW, ...shown };
  configure(experiment, { keepsPlaying: false });
}
