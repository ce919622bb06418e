import { signal } from '@preact/signals';
import { countWeights, decodeFrame, type Frame } from '../connection/frame';
import { configured, layerSizes } from './experiment';

type Painter = (frame: Frame) => void;

const painters = new Set<Painter>();
let latest: ArrayBuffer | undefined;
let isScheduled = false;
let lastNotice = 0;
let frame: Frame | undefined;

/** How often texts follow the weights, in milliseconds: faster than this, nobody can read them. */
const NOTICE_INTERVAL = 120;

/** The frame of which numbers are shown. It changes less often than pictures are painted. */
export const noticed = signal<Frame | undefined>(undefined);

/** The newest frame. */
export function currentFrame(): Frame | undefined {
  return frame;
}

/** Calls `painter` with each frame, at most once for each picture of the screen. Returns what ends that. */
export function onFrame(painter: Painter): () => void {
  painters.add(painter);
  if (frame) painter(frame);
  return () => painters.delete(painter);
}

/** Takes a frame. If a later one comes before the screen is painted, this one is never decoded. */
export function receiveFrame(buffer: ArrayBuffer): void {
  latest = buffer;
  schedule();
}

/** Paints the newest frame again, because something else about the picture has changed. */
export function repaint(): void {
  schedule();
}

/** Forgets the frame, because another network comes. */
export function forgetFrame(): void {
  latest = undefined;
  frame = undefined;
  noticed.value = undefined;
}

function schedule(): void {
  if (isScheduled) return;
  isScheduled = true;
  requestAnimationFrame(paint);
}

function paint(now: number): void {
  isScheduled = false;
  if (latest) {
    const next = decodeFrame(latest);
    latest = undefined;
    // A frame of the network before this one may still be under way.
    const isClustering = configured.peek()?.clustering !== undefined;
    if ((next.header.scatter !== undefined) !== isClustering) return;
    if (!isClustering && next.header.num_weights !== countWeights(layerSizes.peek())) return;
    frame = next;
  }
  if (!frame) return;
  for (const painter of painters) painter(frame);
  if (now - lastNotice >= NOTICE_INTERVAL) notice(now);
  else setTimeout(() => notice(performance.now()), NOTICE_INTERVAL);
}

function notice(now: number): void {
  if (noticed.peek() === frame) return;
  lastNotice = now;
  noticed.value = frame;
}
