import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Request } from '../protocol/Request';
import type { State } from '../protocol/State';

/** A connection to a program that answers when a test says so. */
class Socket {
  static readonly OPEN = 1;
  static last: Socket;
  readyState = 1;
  sent: Request[] = [];
  onopen?: () => void;
  onclose?: () => void;
  onmessage?: (event: { data: string }) => void;

  constructor() {
    Socket.last = this;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Request);
  }

  answer(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

type Session = typeof import('./session');
let session: Session;
let number = 0;

function sent(): string[] {
  return Socket.last.sent.splice(0).map(({ type }) => type);
}

function configured(): void {
  number += 1;
  const experiment = { columns: [], points: { rows: [] }, network: { inputs: [], layers: [] }, experiment: { data: {} } };
  Socket.last.answer({ type: 'configured', number, ...experiment });
}

function progress(state: State): void {
  const rest = { epoch: 1, step: 9, steps_per_second: 9, curve: [], best_epoch: 0 };
  Socket.last.answer({ type: 'progress', number, state, ...rest });
}

/** Opens the connection, up to the first experiment. */
async function welcome(): Promise<void> {
  Socket.last.onopen?.();
  Socket.last.answer({ type: 'welcome', options: {} });
  await vi.waitFor(() => expect(sent()).toContain('configure'));
}

beforeEach(async () => {
  vi.resetModules();
  vi.stubGlobal('location', { protocol: 'http:', host: 'localhost' });
  vi.stubGlobal('WebSocket', Socket);
  session = await import('./session');
  session.connect();
  await welcome();
  configured();
  sent();
});

describe('a lost connection', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  async function loseAndFind(): Promise<void> {
    Socket.last.readyState = 3;
    Socket.last.onclose?.();
    expect(session.isReady.value).toBe(false);
    session.step();
    session.reset();
    session.play();
    expect(sent()).toEqual([]);
    const before = Socket.last;
    vi.advanceTimersByTime(1000);
    expect(Socket.last).not.toBe(before);
    vi.useRealTimers();
    await welcome();
    number = 0;
    configured();
  }

  it('takes a training up again from the beginning, and says so', async () => {
    session.play();
    progress('playing');
    sent();
    await loseAndFind();
    expect(sent()).toEqual(['look', 'play']);
    expect(session.isReady.value).toBe(true);
    expect(session.isAnew.value).toBe(true);
    progress('playing');
    session.change({ seed: 3 });
    configured();
    expect(session.isAnew.value).toBe(false);
  });

  it('leaves a paused page paused', async () => {
    await loseAndFind();
    expect(sent()).toEqual(['look']);
    expect(session.isAnew.value).toBe(false);
  });
});

describe('a training', () => {
  it('goes on after changes that follow each other more quickly than the program answers', () => {
    session.play();
    progress('playing');
    session.change({ seed: 1 });
    configured();
    expect(sent()).toEqual(['play', 'configure', 'play']);
    // Before the program says that it trains.
    session.change({ seed: 2 });
    progress('paused');
    session.change({ seed: 3 });
    configured();
    expect(sent()).toEqual(['configure', 'configure']);
    configured();
    expect(sent()).toEqual(['play']);
  });

  it('goes on after a change that came before it began', () => {
    session.play();
    session.change({ seed: 1 });
    configured();
    expect(sent()).toEqual(['play', 'configure', 'play']);
  });

  it('does not go on after a pause, nor after its end', () => {
    session.play();
    progress('playing');
    session.change({ seed: 1 });
    session.pause();
    configured();
    expect(sent()).toEqual(['play', 'configure', 'pause']);
    session.play();
    progress('complete');
    session.change({ seed: 2 });
    configured();
    expect(sent()).toEqual(['play', 'configure']);
  });

  it('goes on with the last of several settings if the one before is refused', () => {
    session.play();
    progress('playing');
    session.change({ seed: 1 });
    session.change({ seed: 2 });
    Socket.last.answer({ type: 'failed', message: 'no' });
    configured();
    expect(sent()).toEqual(['play', 'configure', 'configure', 'play']);
  });

  it('that is over begins anew', () => {
    session.play();
    progress('complete');
    session.play();
    progress('complete');
    configured();
    expect(sent()).toEqual(['play', 'reset', 'play']);
  });
});
