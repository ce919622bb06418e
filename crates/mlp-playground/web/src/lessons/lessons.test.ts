import { describe, expect, it } from 'vitest';
import { en } from '../text/en';
import { zh } from '../text/zh';
import { LESSONS_EN } from './en';
import { LESSONS } from './states';
import { LESSONS_ZH } from './zh';

describe('lessons', () => {
  it('have a text in both languages', () => {
    const names = LESSONS.map((lesson) => lesson.name);
    expect(Object.keys(LESSONS_EN)).toEqual(names);
    expect(Object.keys(LESSONS_ZH)).toEqual(names);
  });

  it('say what to try and what to see', () => {
    for (const text of [...Object.values(LESSONS_EN), ...Object.values(LESSONS_ZH)]) {
      expect(text.paragraphs.length).toBeGreaterThan(0);
      expect(text.attempt).not.toBe('');
      expect(text.expect).not.toBe('');
    }
  });
});

describe('the interface', () => {
  it('is in both languages', () => {
    const paths = (texts: object, prefix = ''): string[] =>
      Object.entries(texts).flatMap(([name, value]) =>
        typeof value === 'object' && !['names', 'descriptions'].includes(name)
          ? paths(value as object, `${prefix}${name}.`)
          : [`${prefix}${name}`],
      );
    expect(paths(zh)).toEqual(paths(en));
  });
});
