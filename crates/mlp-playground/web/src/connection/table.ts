import type { Failure } from '../protocol/Failure';

/**
 * Gives the program a file, which it keeps under its name as long as it runs.
 *
 * @returns What was wrong with it, or `undefined`.
 */
export async function storeTable(file: File): Promise<Failure | undefined> {
  const answer = await fetch(`/tables/${encodeURIComponent(file.name)}`, { method: 'PUT', body: file });
  if (answer.ok) return undefined;
  try {
    return (await answer.json()) as Failure;
  } catch {
    return { message: `${file.name}: ${answer.status} ${answer.statusText}` };
  }
}
