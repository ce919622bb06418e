import { signal } from '@preact/signals';
import { storeTable } from '../connection/table';
import { text } from '../text';
import { options, wanted, withData } from './experiment';
import { OTHER_TABLE, show } from './view';
import { beforeExperiments, configure, fail } from './session';

/** The files that the program was given. */
export const files = signal<string[]>([]);

/** Whether a file is on its way to the program. */
export const isReading = signal(false);

/** The files themselves, because a program that was started again has lost them. */
const kept = new Map<string, File>();

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e6 ? 2 : 1)}\u202fMB`;
}

/** Gives the program a file, and begins to learn from it. */
export async function open(file: File): Promise<void> {
  const limit = options.peek()?.max_file_size ?? Number.POSITIVE_INFINITY;
  const { data: words } = text.peek();
  if (file.size > limit) {
    fail({ message: words.tooLarge(file.name, megabytes(file.size), megabytes(limit)) });
    return;
  }
  isReading.value = true;
  try {
    const failure = await storeTable(file);
    if (failure) {
      fail(failure);
      return;
    }
    kept.set(file.name, file);
    files.value = [...kept.keys()];
    show(OTHER_TABLE);
    configure(withData(wanted.peek(), file.name), { keepsPlaying: false });
  } catch {
    // A file that is gone and a program that is gone fail alike.
    const isReadable = await file.slice(0, 1).arrayBuffer().then(
      () => true,
      () => false,
    );
    fail({ message: isReadable ? words.unreachable(file.name) : words.unreadable(file.name) });
  } finally {
    isReading.value = false;
  }
}

beforeExperiments(async () => {
  for (const file of kept.values()) await storeTable(file);
});
